import Configuration
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
    }

    @Test func asOneObject() {
        #expect(
            findingsJSON([findings[1]]).sorted.text
                == #"{"findings":[{"name":"gnuplot","ok":false,"remedy":"install it","state":"not found"}]}"#)
    }
}
