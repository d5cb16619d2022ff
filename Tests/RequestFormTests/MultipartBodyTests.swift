import Testing

@testable import RequestForm

@Suite struct MultipartBodyTests {
    static let type = "multipart/form-data; boundary=b"

    static func field(_ headers: String, _ value: String = "v") -> String {
        "--b\r\n\(headers)\r\n\r\n\(value)\r\n--b--"
    }

    static let read: [(body: String, fields: [String: String])] = [
        ("--b--", [:]),
        ("--b--\r\n", [:]),
        ("preamble\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--\r\nepilogue --b", ["a": "1"]),
        (field("content-disposition:form-data;name=\"a\""), ["a": "v"]),
        (field("Content-Disposition: form-data; name=\"a \\\"b\\\\\""), ["a \"b\\": "v"]),
        (field("Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=a"), ["a": "v"]),
        (field("Content-Transfer-Encoding: 8bit\r\nContent-Disposition: form-data; name=a"), ["a": "v"]),
        (field("Content-Disposition: form-data; name=a", ""), ["a": ""]),
        (field("Content-Disposition: form-data; name=a", "\r\n--c\r\n\r\n"), ["a": "\r\n--c\r\n\r\n"]),
        (field("Content-Disposition: form-data; name=a", "x--b"), ["a": "x--b"]),
        (
            "--b \t\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b  \r\n"
                + "Content-Disposition: form-data; name=b\r\n\r\n2\r\n--b--", ["a": "1", "b": "2"]
        ),
    ]

    @Test(arguments: read)
    func partsBecomeFields(body: String, fields: [String: String]) {
        #expect(outcome(Self.type, body) == .success(fields))
    }

    @Test func aBoundaryMayBeQuoted() {
        let body = "--a b:c\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--a b:c--"
        #expect(outcome("multipart/form-data; boundary=\"a b:c\"", body) == .success(["a": "1"]))
    }

    static let malformed: [(body: String, sentence: String)] = [
        ("", "the boundary of the Content-Type does not occur in the body"),
        ("--c--", "the boundary of the Content-Type does not occur in the body"),
        (
            "--b\nContent-Disposition: form-data; name=a\n\n1\n--b--\n", "a boundary line does not end with CR LF"
        ),
        ("--bx\r\n", "a boundary line does not end with CR LF"),
        ("--b", "a boundary line does not end with CR LF"),
        ("--b\r\n", "the body ends before its closing boundary"),
        (
            "--b\r\nContent-Disposition: form-data; name=a\r\n\r\n1", "the body ends before its closing boundary"
        ),
        ("--b\r\n--b--", "a part has no headers or no empty line after them"),
        ("--b\r\n\r\nv\r\n--b--", "a part has no headers or no empty line after them"),
        (field("Content-Disposition"), "a part has a header line without a colon"),
        (field("Content-Type: text/plain"), "a part has no Content-Disposition: form-data with a name"),
        (field("Content-Disposition: form-data"), "a part has no Content-Disposition: form-data with a name"),
        (field("Content-Disposition: attachment; name=a"), "a part has no Content-Disposition: form-data with a name"),
    ]

    @Test(arguments: malformed)
    func aBrokenBodyIsRefusedWithASentence(body: String, sentence: String) {
        #expect(outcome(Self.type, body) == .failure(.malformed(sentence)))
    }

    @Test(arguments: [
        "multipart/form-data", "multipart/form-data; boundary=\"\"",
        "multipart/form-data; boundary=\(String(repeating: "x", count: 71))",
    ])
    func theBoundaryMustBeNamed(contentType: String) {
        let sentence = "the Content-Type names no boundary of 1 to 70 bytes"
        #expect(
            outcome(contentType, Self.field("Content-Disposition: form-data; name=a")) == .failure(.malformed(sentence))
        )
    }

    @Test(arguments: ["filename=\"a.mp4\"", "filename=\"\"", "filename*=UTF-8''a.mp4"])
    func aFileIsRefusedByItsName(parameter: String) {
        let body = Self.field("Content-Disposition: form-data; name=\"content_path\"; \(parameter)")
        #expect(outcome(Self.type, body) == invalid("content_path", "is a file; send it as plain text"))
    }

    @Test func anEncodedPartIsRefused() {
        let body = Self.field("Content-Transfer-Encoding: base64\r\nContent-Disposition: form-data; name=a", "dg==")
        #expect(outcome(Self.type, body) == invalid("a", "has a Content-Transfer-Encoding; send it as plain text"))
    }
}
