import Datasets
import Foundation
import TestKit
import Testing

/// Commands on pictures: what becomes of whole and of damaged ones.
@Suite(.enabled(if: ImageCodecs.pngMissing == nil, "libpng is not installed"))
struct PictureCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// A PNG file of 32 x 32 grey pixels.
    private static let picture = [UInt8](
        Data(
            base64Encoded:
                """
                iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAAAAABWESUoAAAAPElEQVR42mNkYGBgkMODmRgIAMoVMOKzX48+bmDBZ7/cALpBj75x
                wYLP/oFwg97ApEkWfPbT0w16A5s3AfWZCB3nFLNrAAAAAElFTkSuQmCC
                """, options: .ignoreUnknownCharacters) ?? Data())

    private static let classes = [
        "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
    ]

    /// So many pictures of each class, for training and one for testing.
    private func write(_ count: Int) throws {
        for name in Self.classes {
            for number in 0..<count { try folder.write("pictures/train/\(name)/\(number).png", Self.picture) }
            try folder.write("pictures/test/\(name)/0.png", Self.picture)
        }
    }

    @Test func cifar10IsMadeFromPictures() throws {
        try write(5)
        let called = try Command.call(
            "data", "prepare", "cifar10", "--from", "pictures", "--path", "binary/here", in: folder.path)
        #expect(called.errors == "")
        #expect(
            called.output == "cifar10 is ready in binary/here: 50 training and 10 test images of 3 x 32 x 32, "
                + "10 classes, all verified\n")
        #expect(called.code == 0)
        let other = try Command.call("data", "prepare", "mnist", "--from", "pictures", in: folder.path)
        #expect(other.errors == "murmur: 'mnist' is not made from pictures; cifar10 is\n" && other.code == 78)
        let absent = try Command.call("data", "prepare", "cifar10", "--from", "absent", in: folder.path)
        #expect(absent.errors.hasPrefix("murmur: absent: is not there; name a folder") && absent.code == 66)
    }

    /// A damaged picture is found when it comes up, and named by whatever came upon it: a step, or a test.
    @Test(arguments: ["train/cat/1.png", "test/dog/0.png"], ["train", "simulate"])
    func aDamagedPictureEndsARunWith65(name: String, command: String) throws {
        try write(2)
        try folder.write("pictures/\(name)", Array(Self.picture.prefix(Self.picture.count / 2)))
        let settings = [
            "data.name=image-folder", "data.path=pictures", "data.image_size=16", "model.name=softmax", "peers=2",
            "batch=2", "epochs=1",
        ]
        func run(_ more: String...) throws -> Called {
            let process = try Command.process(
                [command, "--output", "run-\(more.count)", "--quiet"] + settings + more, in: folder.path)
            try process.run()
            process.waitUntilExit()
            return Called(
                code: process.terminationStatus, output: try Command.text("stdout", in: folder.path),
                errors: try Command.text("stderr", in: folder.path))
        }
        let refused = try run()
        #expect(refused.errors.contains("/pictures/\(name): is truncated or damaged ("))
        #expect(refused.errors.hasSuffix("or leave out what is damaged by data.corrupt=skip\n"))
        #expect(refused.code == 65)
        #expect(try run("data.corrupt=skip").code == 0)
    }
}
