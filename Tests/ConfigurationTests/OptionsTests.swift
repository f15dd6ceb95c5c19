import Configuration
import Testing

@Suite struct OptionsTests {
    private let probability = Option.number("probability", default: 0.1, in: 0...1, "")
    private let period = Option.integer("period", default: 10, in: 1 ... .max, "")

    @Test func defaultsStandWhereNothingIsGiven() throws {
        #expect(try Options().value(probability) == 0.1)
        #expect(try Options(["probability": .integer(1)]).value(probability) == 1)
        #expect(try Options(["period": .number(1e4)]).value(period) == 10_000)
        #expect(try Options().value(Option.optionalNumber("rho", "")) == nil)
        #expect(try Options(["rho": .null]).value(Option.optionalNumber("rho", "")) == nil)
    }

    @Test(arguments: [
        (OptionValue.number(1.5), "1.5 is not a number from 0 to 1"),
        (.text("high"), "high is not a number from 0 to 1"),
        (.list([]), "[] is not a number from 0 to 1"), (.null, "null is not a number from 0 to 1"),
    ])
    func aValueOutsideItsRangeIsNamed(given: OptionValue, message: String) {
        #expect(throws: ConfigurationError(key: "probability", message)) {
            try Options(["probability": given]).value(probability)
        }
    }

    @Test func aFractionIsNotAWholeNumber() {
        #expect(throws: ConfigurationError(key: "period", "2.5 is not a whole number of at least 1")) {
            try Options(["period": .number(2.5)]).value(period)
        }
    }

    @Test func anUnknownKeyMeetsTheNearestKnownOne() {
        let options = Options(["probabilty": .number(0.1)])
        #expect(
            throws: ConfigurationError(
                key: "probabilty", "unknown key 'probabilty'; did you mean 'probability'?")
        ) {
            try options.refuseUnknown(besides: [probability.description, period.description])
        }
    }

    @Test(arguments: [
        ("", "", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ring", "ring", 0),
        ("gosgd", "gsogd", 2),
    ])
    func editDistances(first: String, second: String, distance: Int) {
        #expect(editDistance(first, second) == distance)
        #expect(editDistance(second, first) == distance)
    }
}
