import Testing

@testable import murmur

@Suite struct ProgressLineTests {
    private let line = ProgressLine(
        label: "train", done: 126, total: 300, seconds: 2, values: [("loss", "0.12"), ("accuracy", "0.900")])

    @Test func hasTheFormThatPeopleKnow() {
        #expect(
            line.text(columns: nil)
                == "train:  42%|████▏     | 126/300 [00:02<00:02, 63.00step/s, loss=0.12, accuracy=0.900]")
    }

    @Test func theBarFillsTheWidth() {
        #expect(
            line.text(columns: 100)
                == "train:  42%|██████████              | 126/300 [00:02<00:02, 63.00step/s, loss=0.12, accuracy=0.900]"
        )
        for columns in 0...120 {
            #expect(line.text(columns: columns).count <= max(columns - 1, 0))
        }
    }

    @Test func theLastValuesGiveWayToTheBar() {
        #expect(line.text(columns: 72) == "train:  42%|█████       | 126/300 [00:02<00:02, 63.00step/s, loss=0.12]")
        #expect(line.text(columns: 20) == "train:  42%|| 126/3")
    }

    @Test func startsAndEndsWithoutNonsense() {
        let start = ProgressLine(label: "train", done: 0, total: 10, seconds: 0)
        #expect(start.text(columns: nil) == "train:   0%|          | 0/10 [00:00<?, ?step/s]")
        let end = ProgressLine(label: "train", done: 10, total: 10, seconds: 7200)
        #expect(end.text(columns: nil) == "train: 100%|██████████| 10/10 [2:00:00<00:00, 720.00s/step]")
        let nothing = ProgressLine(label: "train", done: 0, total: 0, seconds: 1)
        #expect(nothing.text(columns: nil) == "train:   0%|          | 0/0 [00:01<?, ?step/s]")
    }

    @Test func barsHaveEighths() {
        let parts = (0...8).map { ProgressLine.bar(Double($0) / 16, width: 2) }
        #expect(parts == ["  ", "▏ ", "▎ ", "▍ ", "▌ ", "▋ ", "▊ ", "▉ ", "█ "])
        #expect(ProgressLine.bar(1, width: 2) == "██")
        #expect(ProgressLine.bar(0.5, width: 0) == "")
    }
}
