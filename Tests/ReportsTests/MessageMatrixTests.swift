import Testing

@testable import Reports

@Suite struct MessageMatrixTests {
    @Test func tintsGoFromNoneToTheBusiest() {
        let matrix = MessageMatrix(messages: [[0, 1, 50], [100, 0, 99], [0, 10, 0]], bytes: nil)
        #expect([0, 1, 10, 50, 99, 100].map(matrix.level) == [0, 1, 1, 5, 10, 10])
        #expect(matrix.sentence == "Most went from peer 1 to peer 0: 100 messages. 5 of 6 pairs talked.")
    }

    @Test func silenceIsSaid() {
        let matrix = MessageMatrix(messages: [[0, 0], [0, 0]], bytes: nil)
        #expect(matrix.sentence == "No message was sent.")
        #expect(matrix.level(0) == 0)
    }

    @Test func fewPeersGetNumbers() {
        let text = MessageMatrix(messages: [[0, 2], [1, 0]], bytes: [[0, 2000], [1, 0]]).markup.text
        #expect(text.contains("<tr><th scope=\"row\">0</th><td class=\"self\"></td>"))
        #expect(text.contains("<td class=\"h10\" title=\"0 to 1: 2 messages, 2.0 kB\">2</td>"))
        #expect(text.contains("<td class=\"h5\" title=\"1 to 0: 1 message, 1 bytes\">1</td>"))
    }

    @Test func manyPeersGetAPicture() {
        var messages = [[Int]](repeating: [Int](repeating: 0, count: 40), count: 40)
        messages[3][5] = 7
        messages[5][3] = 7
        let text = MessageMatrix(messages: messages, bytes: nil).markup.text
        #expect(text.contains("viewBox=\"0 0 40 40\""))
        #expect(text.contains("<path class=\"h10\" d=\"M5 3h1v1h-1zM3 5h1v1h-1z\"/>"))
        #expect(!text.contains("<td"))
    }
}
