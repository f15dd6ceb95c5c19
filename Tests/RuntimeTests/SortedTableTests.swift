import Foundation
import Randomness
import Testing

@testable import Runtime

@Suite struct SortedTableTests {
    /// Against a dictionary, in whatever order keys come and go.
    @Test(arguments: UInt64(0)..<20) func isADictionary(seed: UInt64) throws {
        var random = RandomStream(seed: seed, purpose: .test)
        var table = SortedTable<Int, Int>()
        var dictionary: [Int: Int] = [:]
        for number in 0..<300 {
            let key = random.integer(below: 30)
            switch random.integer(below: 4) {
            case 0:
                table[key] = nil
                dictionary[key] = nil
            case 1:
                table[key] = number
                dictionary[key] = number
            default:
                let place = table.place(of: key, default: number)
                table.values[place] += 1
                dictionary[key, default: number] += 1
            }
            let other = random.integer(below: 30)
            #expect(
                table[other] == dictionary[other] && table.place(of: other).map { table.keys[$0] } ?? other == other)
        }
        #expect(table.keys == dictionary.keys.sorted() && table.count == dictionary.count)
        #expect(zip(table.keys, table.values).allSatisfy { dictionary[$0] == $1 })
    }

    /// A saved table is what a dictionary of such keys would be, so that states of both are read.
    @Test func isSavedAsADictionaryIs() throws {
        var table = SortedTable<Int32, [String]>()
        for key in [Int32(5), -3, 9] { table[key] = ["\(key)"] }
        let saved = try JSONEncoder().encode(table)
        #expect(try JSONDecoder().decode(SortedTable<Int32, [String]>.self, from: saved) == table)
        #expect(String(decoding: saved, as: UTF8.self) == #"[-3,["-3"],5,["5"],9,["9"]]"#)
    }
}
