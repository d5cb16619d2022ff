import Testing

@testable import RequestForm

@Suite struct URLEncodedBodyTests {
    static let type = "application/x-www-form-urlencoded; charset=UTF-8"

    static let read: [(body: String, fields: [String: String])] = [
        ("", [:]),
        ("&&", [:]),
        ("a=1&b=2", ["a": "1", "b": "2"]),
        ("a", ["a": ""]),
        ("a=", ["a": ""]),
        ("a==b=", ["a": "=b="]),
        ("a+b=c+d%2B", ["a b": "c d+"]),
        ("%61=%e6%97%a5", ["a": "日"]),
        ("a=日", ["a": "日"]),
        ("=x", ["": "x"]),
    ]

    @Test(arguments: read)
    func pairsBecomeFields(body: String, fields: [String: String]) {
        #expect(outcome(Self.type, body) == .success(fields))
    }

    @Test(arguments: ["a=%", "a=%4", "a=%zz", "a=%+1", "a=1%é"])
    func aBrokenEscapeIsTheFieldsError(body: String) {
        #expect(outcome(Self.type, body) == invalid("a", "holds a broken percent escape"))
    }

    @Test func bytesThatAreNotUTF8AreTheFieldsError() {
        #expect(outcome(Self.type, "a=%FF") == invalid("a", "is not UTF-8 text"))
        let sentence = "a field's name holds a broken percent escape or is not UTF-8 text"
        #expect(outcome(Self.type, "%FF=a") == .failure(.malformed(sentence)))
        #expect(outcome(Self.type, "%=a") == .failure(.malformed(sentence)))
    }
}
