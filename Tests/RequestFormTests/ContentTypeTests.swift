import Testing

@testable import RequestForm

@Suite struct ContentTypeTests {
    static let accepted = [
        "application/json", "Application/JSON", "application/json; charset=utf-8", "application/json;charset=\"UTF-8\"",
        "application/json ; charset=us-ascii ;", "application/json; odd=\"a;b\\\"c\"",
    ]

    @Test(arguments: accepted)
    func jsonIsReadUnder(contentType: String) {
        #expect(outcome(contentType, #"{"a":"1"}"#) == .success(["a": "1"]))
    }

    static let refused: [(contentType: String, sentence: String)] = [
        ("text/plain", "send multipart/form-data, application/x-www-form-urlencoded or application/json"),
        ("application/jsonx", "send multipart/form-data, application/x-www-form-urlencoded or application/json"),
        ("application/json; charset=utf-16", "the charset must be UTF-8"),
        ("application/x-www-form-urlencoded; charset=ISO-8859-1", "the charset must be UTF-8"),
        ("", "the Content-Type cannot be read"),
        ("; charset=utf-8", "the Content-Type cannot be read"),
        ("application/json; charset", "the Content-Type cannot be read"),
        ("application/json; charset=\"utf-8", "the Content-Type cannot be read"),
        ("application/json; charset=utf-8; CHARSET=utf-8", "the Content-Type cannot be read"),
    ]

    @Test(arguments: refused)
    func otherTypesAreRefused(contentType: String, sentence: String) {
        #expect(outcome(contentType, #"{"a":"1"}"#) == .failure(.unsupportedType(sentence)))
    }

    @Test func onlyAnEmptyBodyNeedsNoType() {
        #expect(outcome(nil, "") == .success([:]))
        #expect(outcome(nil, "a=1") == .failure(.unsupportedType("the request does not say its Content-Type")))
    }
}
