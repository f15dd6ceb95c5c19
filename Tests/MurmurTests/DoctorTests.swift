import Configuration
import Foundation
import TestKit
import Testing
import Training

@testable import murmur

@Suite struct DoctorTests {
    private let findings = [
        Finding(name: "memory", state: "16.0 GB"), Finding(name: "gnuplot", state: "not found", remedy: "install it"),
    ]

    @Test func remediesStandBelowWhatIsMissing() {
        #expect(
            findingsText(findings)
                == "ok       memory   16.0 GB\nmissing  gnuplot  not found\n\ngnuplot: install it\n")
        #expect(findingsText([findings[0]]) == "ok  memory  16.0 GB\n")
        let old = Finding(name: "group lab", state: "has expired", remedy: "ask", isThere: true)
        #expect(findingsText([old]) == "check  group lab  has expired\n\ngroup lab: ask\n")
    }

    @Test func asOneObject() {
        #expect(
            findingsJSON([findings[1]]).sorted.text
                == #"{"findings":[{"name":"gnuplot","ok":false,"remedy":"install it","state":"not found"}]}"#)
    }

    @Test func theOpenNetworkIsLookedAt() throws {
        try withTemporaryFolder { folder in
            let shell = "export XDG_CONFIG_HOME='\(folder)'"
            #expect(try Command.call("group", "new", "lab", in: folder, shell: shell).code == 0)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o640], ofItemAtPath: "\(folder)/murmur/groups/lab/root.key")
            let called = try Command.call("doctor", in: folder, shell: shell)
            #expect(called.code == 0)
            for name in ["port 7946", "addresses", "clock", "peer's key"] {
                #expect(called.output.contains("  \(name)  "), "\(called.output)")
            }
            #expect(called.output.firstMatch(of: /check +group lab +.*root\.key holds a private key/) != nil)
            #expect(called.output.contains("\ngroup lab: run `chmod 600 "))
        }
    }
}
