import Foundation
import TestKit
import Testing

@testable import Records
@testable import Training

@Suite struct RunLockTests {
    @Test func oneHasIt() throws {
        try withTemporaryFolder { folder in
            let first = try RunLock(folder)
            withExtendedLifetime(first) {
                let error = #expect(throws: OutputError.self) { _ = try RunLock(folder) }
                #expect(error?.description.contains("another process writes its run there") == true)
            }
        }
    }

    @Test func itEndsWithItsHolder() throws {
        try withTemporaryFolder { folder in
            for _ in 0..<3 { _ = try RunLock(folder) }
        }
    }
}
