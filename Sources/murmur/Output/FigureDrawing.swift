import Foundation
import Reports

/// Writes the figures' data and scripts, and has gnuplot draw them.
func drawFigures(_ figures: [Figure], in folder: String, console: Console) throws {
    let written = try FigureFiles.write(figures, to: folder)
    for path in written.kept {
        console.say("murmur: \(path) is kept as it is; remove it to have it written again")
    }
    guard let gnuplot = executable("gnuplot") else {
        return console.say(
            "murmur: there is no gnuplot to draw the figures in \(folder); get it: apt-get install gnuplot-nox")
    }
    for figure in written.names {
        let process = Process()
        process.executableURL = URL(filePath: gnuplot)
        process.arguments = ["\(figure).gp"]
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        // It warns of each curve that is flat, which nobody can do anything about.
        let words = Pipe()
        process.standardError = words
        try process.run()
        let said = words.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if process.terminationStatus != 0 {
            FileHandle.standardError.write(said)
            throw FigureFailure(script: "\(folder)/\(figure).gp")
        }
    }
}

/// A script that gnuplot did not carry out; it has said why.
private struct FigureFailure: Error, CustomStringConvertible {
    let script: String

    var description: String { "\(script): gnuplot could not draw it; remove the file to have it written again" }
}
