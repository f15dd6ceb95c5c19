import Configuration
package import Foundation

/// What the evaluated model of a run says of each test sample in the end: the content of `predictions.json`.
public struct PredictionsRecord: Sendable, Hashable {
    /// A sample that the model got wrong.
    public struct Mistake: Sendable, Hashable {
        /// Which test sample it is, from 0.
        public let sample: Int
        /// How sure the model was of its answer, from 0 to 1.
        public let confidence: Double
        /// The image as a PNG file, in base64.
        public let image: String

        /// A mistake with its picture.
        public init(sample: Int, confidence: Double, image: String) {
            self.sample = sample
            self.confidence = confidence
            self.image = image
        }
    }

    /// The names of the classes; labels and answers are indices into them.
    public let classes: [String]
    /// The class of each test sample.
    public let labels: [Int]
    /// The class that the model says it is.
    public let answers: [Int]
    /// Some of those that it got wrong, the surest first.
    public let mistakes: [Mistake]

    /// What a model said of samples, one answer to each label.
    public init(classes: [String], labels: [Int], answers: [Int], mistakes: [Mistake]) {
        precondition(labels.count == answers.count, "\(answers.count) answers to \(labels.count) samples")
        self.classes = classes
        self.labels = labels
        self.answers = answers
        self.mistakes = mistakes
    }

    package static let fileName = "predictions.json"
    /// Of more samples a record would be larger than all others of its run together.
    package static let sampleLimit = 200_000
    /// Of more classes no table of which is taken for which has room in memory.
    package static let classLimit = 2000

    /// A line each for classes, labels and answers, and one for each mistake.
    package var text: String {
        func line(_ numbers: [Int]) -> String { JSON.array(numbers.map(JSON.integer)).text }
        let mistakes = mistakes.map { mistake in
            JSON.object([
                ("sample", .integer(mistake.sample)), ("confidence", .number(mistake.confidence)),
                ("image", .string(mistake.image)),
            ]).text
        }
        return """
            {"classes":\(JSON.array(classes.map(JSON.string)).text),
            "labels":\(line(labels)),
            "answers":\(line(answers)),
            "mistakes":[\(mistakes.joined(separator: ",\n"))]}

            """
    }
}

extension PredictionsRecord {
    /// Reads what `text` wrote; nil where it is something else, or does not fit together.
    package init?(_ data: Data) {
        guard let json = try? JSON(parsing: data), case .array(let names)? = json["classes"],
            let labels = json["labels"]?.integers, let answers = json["answers"]?.integers,
            case .array(let mistakes)? = json["mistakes"]
        else { return nil }
        var classes: [String] = []
        for case .string(let name) in names { classes.append(name) }
        let known = classes.indices
        guard classes.count == names.count, classes.count <= Self.classLimit, labels.count == answers.count,
            labels.count <= Self.sampleLimit,
            labels.allSatisfy(known.contains), answers.allSatisfy(known.contains)
        else { return nil }
        var kept: [Mistake] = []
        for entry in mistakes {
            guard case .integer(let sample)? = entry["sample"], labels.indices.contains(sample),
                labels[sample] != answers[sample], let confidence = entry["confidence"]?.asNumber,
                case .string(let image)? = entry["image"], Self.isPicture(image)
            else { return nil }
            kept.append(Mistake(sample: sample, confidence: confidence, image: image))
        }
        self.init(classes: classes, labels: labels, answers: answers, mistakes: kept)
    }

    /// Whether a text is a PNG file of a small picture in base64 and nothing else.
    private static func isPicture(_ text: String) -> Bool {
        guard text.utf8.count <= 1 << 17, let data = Data(base64Encoded: text) else { return false }
        return data.starts(with: [0x89, 0x50, 0x4E, 0x47])
    }
}

extension JSON {
    /// The whole numbers of a list; nil for anything else.
    var integers: [Int]? {
        guard case .array(let items) = self else { return nil }
        var numbers: [Int] = []
        numbers.reserveCapacity(items.count)
        for case .integer(let number) in items { numbers.append(number) }
        return numbers.count == items.count ? numbers : nil
    }
}
