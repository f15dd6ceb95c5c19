import Testing

@testable import OpenTransport

@Suite struct PEMTests {
    @Test func blocksAreReadAsTheyWereWritten() {
        let blocks = [PEM(label: "ONE", bytes: Array(0..<100)), PEM(label: "TWO WORDS", bytes: [7])]
        let text = blocks.map(\.text).joined()
        #expect(PEM.blocks(in: text) == blocks)
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 64 })
        #expect(PEM.blocks(in: text.replacing("\n", with: "\r\n")) == blocks)
        #expect(PEM.blocks(in: "") == [])
    }

    @Test func whatIsNoBlockIsRefused() {
        let text = PEM(label: "ONE", bytes: [1, 2, 3]).text
        #expect(PEM.blocks(in: "words\n" + text) == nil)
        #expect(PEM.blocks(in: text.replacing("END ONE", with: "END TWO")) == nil)
        #expect(PEM.blocks(in: text.replacing("AQID", with: "AQ?D")) == nil)
        #expect(PEM.blocks(in: String(text.dropLast(10))) == nil)
        #expect(PEM.blocks(in: "-----BEGIN -----") == nil)
    }
}
