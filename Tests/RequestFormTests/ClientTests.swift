import Testing

@testable import RequestForm

/// Bodies in the framing of each client. That of curl, Node's fetch and Python requests was seen on a socket; that of
/// form-data and axios is as their documentation shows it.
@Suite struct ClientTests {
    struct Request: CustomTestStringConvertible {
        let client: String
        let contentType: String
        let body: String
        let fields: [String: String]
        var testDescription: String { self.client }
    }

    static let path = "./contents/ü b;\"x\".mp4"

    static func part(_ name: String, _ value: String) -> String {
        "Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }

    static func multipart(_ boundary: String, _ fields: [(String, String)]) -> String {
        fields.map { "--\(boundary)\r\n" + Self.part($0.0, $0.1) }.joined() + "--\(boundary)--\r\n"
    }

    static let requests = [
        Request(
            client: "curl -F 7.88",
            contentType: "multipart/form-data; boundary=------------------------9e8fd261f621d774",
            body: multipart(
                "------------------------9e8fd261f621d774", [("upload_id", "65a1"), ("content_path", path)]),
            fields: ["upload_id": "65a1", "content_path": path]),
        Request(
            client: "Node 20 fetch with FormData, whose body ends with a break",
            contentType: "multipart/form-data; boundary=----formdata-undici-048116795643",
            body: multipart(
                "----formdata-undici-048116795643", [("content_path", path), ("lines", "a\r\nb"), ("empty", "")]),
            fields: ["content_path": path, "lines": "a\r\nb", "empty": ""]),
        Request(
            client: "form-data for Node, as axios sends it",
            contentType: "multipart/form-data; boundary=--------------------------104567328916524093274614",
            body: multipart(
                "--------------------------104567328916524093274614", [("frame_rate", "5"), ("content_path", path)]),
            fields: ["frame_rate": "5", "content_path": path]),
        Request(
            client: "Python requests, files",
            contentType: "multipart/form-data; boundary=e28041fddd7a9d1dd63c127b89513d5e",
            body: multipart("e28041fddd7a9d1dd63c127b89513d5e", [("upload_id", "65a1"), ("content_path", path)]),
            fields: ["upload_id": "65a1", "content_path": path]),
        Request(
            client: "curl --data-urlencode and Python requests, data",
            contentType: "application/x-www-form-urlencoded",
            body: "content_path=.%2Fcontents%2F%C3%BC+b%2Bc%26d.mp4&frame_rate=5",
            fields: ["content_path": "./contents/ü b+c&d.mp4", "frame_rate": "5"]),
        Request(
            client: "Python requests, json",
            contentType: "application/json",
            body: #"{"content_path": "./contents/\u00fc b.mp4", "frame_rate": 5.0}"#,
            fields: ["content_path": "./contents/ü b.mp4", "frame_rate": "5"]),
        Request(
            client: "axios, an object",
            contentType: "application/json",
            body: #"{"upload_id":"65a1","frame_rate":5,"force_write":true}"#,
            fields: ["upload_id": "65a1", "frame_rate": "5", "force_write": "1"]),
    ]

    @Test(arguments: requests)
    func theFieldsArriveAsTheyWereGiven(request: Request) throws {
        let form = try RequestForm(contentType: request.contentType, body: Array(request.body.utf8))
        #expect(form.fields == request.fields)
    }
}
