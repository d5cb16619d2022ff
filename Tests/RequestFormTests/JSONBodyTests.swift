import Testing

@testable import RequestForm

@Suite struct JSONBodyTests {
    static let type = "application/json"

    /// A JSON value and the text that its field gets.
    static let values: [(json: String, text: String?)] = [
        (#""""#, ""),
        (#""a/\/\"\\\b\f\n\r\t""#, "a//\"\\\u{8}\u{C}\n\r\t"),
        (#""\u00e9é\uD83D\ude00😀""#, "éé😀😀"),
        ("5", "5"),
        ("5.0", "5"),
        ("-5.000", "-5"),
        ("5.50", "5.50"),
        ("5.0e1", "5.0e1"),
        ("1E+400", "1E+400"),
        ("-0", "-0"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("true", "1"),
        ("false", "0"),
        ("null", nil),
    ]

    @Test(arguments: values)
    func aValueBecomesText(json: String, text: String?) {
        let fields = text.map { ["a": $0] } ?? [:]
        for body in ["{\"a\":\(json)}", " \r\n{ \"a\"\t:\n\(json) } ", "\u{FEFF}{\"a\":\(json)}"] {
            #expect(outcome(Self.type, body) == .success(fields))
        }
    }

    @Test(arguments: ["{}", "{\"a\":{}}", "[]", "[1,[2,{\"b\":[null]}]]", "{\"a\":1,\"b\":\"}\"}"])
    func aNestedValueIsTheFieldsError(json: String) {
        let message = "must be text, a number or a flag, not an object or a list"
        #expect(outcome(Self.type, "{\"a\":\(json),\"b\":1}") == invalid("a", message))
    }

    static let malformed: [(body: String, complaint: String)] = [
        ("", "the body must be one JSON object, at byte 0"),
        ("[1]", "the body must be one JSON object, at byte 0"),
        ("{", "a string is missing, at byte 1"),
        ("{\"a\" 1}", "a colon is missing, at byte 5"),
        ("{\"a\":1 \"b\":2}", "a comma or the closing brace is missing, at byte 7"),
        ("{\"a\":1,}", "a string is missing, at byte 7"),
        ("{\"a\":1}x", "there is more after the object, at byte 7"),
        ("{\"a\":\"\n\"}", "a string holds a control character, at byte 7"),
        ("{\"a\":\"x", "a string has no end, at byte 7"),
        (#"{"a":"\x"}"#, "a string has an unknown escape, at byte 8"),
        (#"{"a":"\u12G4"}"#, "a string has an unknown escape, at byte 11"),
        ("{\"a\":[1,]}", "a value is not JSON, at byte 8"),
        ("{\"a\":[1}", "a comma or a closing bracket is missing, at byte 7"),
        ("{'a':1}", "a string is missing, at byte 1"),
    ]

    @Test(arguments: malformed)
    func aBrokenBodyIsRefusedWithItsPlace(body: String, complaint: String) {
        #expect(outcome(Self.type, body) == .failure(.malformed("the JSON body cannot be read: \(complaint)")))
    }

    @Test(arguments: ["01", "-", "+1", ".5", "1.", "1e", "NaN", "Infinity", "tru", "nul", "0x1", "1 2"])
    func whatIsNoJSONValueIsRefused(json: String) {
        guard case .failure(.malformed) = outcome(Self.type, "{\"a\":\(json)}") else {
            Issue.record("\(json) was taken")
            return
        }
    }

    @Test(arguments: [#"\ud83d"#, #"\ude00"#, #"\ud83dx"#, #"\ud83d\u0041"#, #"\ud83d\ud83d"#])
    func halfASurrogatePairIsTheFieldsError(escape: String) {
        #expect(outcome(Self.type, "{\"a\":\"\(escape)\"}") == invalid("a", "is not Unicode text"))
    }

    @Test func nestingHasALimit() {
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            let body = String(repeating: open, count: 20_000) + "1" + String(repeating: close, count: 20_000)
            guard case .failure(.malformed(let sentence)) = outcome(Self.type, "{\"a\":\(body)}") else {
                Issue.record("deep nesting was taken")
                continue
            }
            #expect(sentence.contains("the nesting is too deep"))
        }
    }
}
