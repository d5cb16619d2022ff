import Testing

@testable import ObjectStore

@Suite struct S3FailureTests {
    struct Fact: Sendable {
        let status: Int
        var name: String?
        let code: BlobError.Code
        let isTransient: Bool
    }

    static let facts = [
        Fact(status: 403, name: "SignatureDoesNotMatch", code: .denied, isTransient: false),
        Fact(status: 403, name: "InvalidAccessKeyId", code: .denied, isTransient: false),
        Fact(status: 403, name: "AccessDenied", code: .denied, isTransient: false),
        Fact(status: 403, name: "RequestTimeTooSkewed", code: .denied, isTransient: false),
        Fact(status: 400, name: "AuthorizationHeaderMalformed", code: .denied, isTransient: false),
        Fact(status: 404, name: "NoSuchBucket", code: .denied, isTransient: false),
        Fact(status: 404, name: "NoSuchKey", code: .unreadable, isTransient: false),
        Fact(status: 301, name: "PermanentRedirect", code: .denied, isTransient: false),
        Fact(status: 400, name: "RequestTimeout", code: .unavailable, isTransient: true),
        Fact(status: 503, name: "SlowDown", code: .unavailable, isTransient: true),
        Fact(status: 429, name: "SlowDown", code: .unavailable, isTransient: true),
        Fact(status: 500, name: "InternalError", code: .unavailable, isTransient: true),
        Fact(status: 409, name: "OperationAborted", code: .unavailable, isTransient: true),
        Fact(status: 507, name: "XMinioStorageFull", code: .full, isTransient: false),
        Fact(status: 403, name: "QuotaExceeded", code: .full, isTransient: false),
        Fact(status: 400, name: "XAmzContentSHA256Mismatch", code: .unreadable, isTransient: false),
        Fact(status: 400, name: "EntityTooLarge", code: .refused, isTransient: false),
        Fact(status: 503, name: "SomethingNew", code: .unavailable, isTransient: true),
        Fact(status: 301, code: .denied, isTransient: false),
        Fact(status: 400, code: .refused, isTransient: false),
        Fact(status: 401, code: .denied, isTransient: false),
        Fact(status: 403, code: .denied, isTransient: false),
        Fact(status: 404, code: .denied, isTransient: false),
        Fact(status: 408, code: .unavailable, isTransient: true),
        Fact(status: 429, code: .unavailable, isTransient: true),
        Fact(status: 500, code: .unavailable, isTransient: true),
        Fact(status: 501, code: .refused, isTransient: false),
        Fact(status: 502, code: .unavailable, isTransient: true),
        Fact(status: 503, code: .unavailable, isTransient: true),
        Fact(status: 504, code: .unavailable, isTransient: true),
        Fact(status: 507, code: .full, isTransient: false),
    ]

    @Test(arguments: facts)
    func answerIsJudgedByItsCodeElseByItsStatus(fact: Fact) {
        let body = fact.name.map { "<?xml version=\"1.0\"?><Error><Code>\($0)</Code><Message>m</Message></Error>" }
        let failure = S3Failure(
            TransferResponse(status: fact.status, headers: [:], body: Array((body ?? "<html>").utf8)))
        #expect(failure.code == fact.code)
        #expect(failure.isTransient == fact.isTransient)
        #expect(failure.message.contains("HTTP \(fact.status)\(fact.name.map { ", \($0)" } ?? "")"))
    }

    static let retryAfter: [(String, Duration?)] = [
        ("7", .seconds(7)), ("0", .zero), ("-3", .zero), ("soon", nil), ("Fri, 31 Dec 2027 23:59:59 GMT", nil),
    ]

    @Test(arguments: retryAfter)
    func retryAfterIsReadInSeconds(text: String, duration: Duration?) {
        let response = TransferResponse(status: 503, headers: ["retry-after": text], body: [])
        #expect(S3Failure(response).retryAfter == duration)
    }

    @Test func nothingElseOfTheBodyReachesTheMessage() {
        let body = """
            <Error><Code>Odd Code &#10;</Code><Message>AKIASECRET</Message>\
            <StringToSign>AWS4-HMAC-SHA256</StringToSign></Error>
            """
        let failure = S3Failure(TransferResponse(status: 400, headers: [:], body: Array(body.utf8)))
        #expect(failure.message == "the server refused the request (HTTP 400)")
    }

    static let transfers: [(TransferError.Code, BlobError.Code, Bool)] = [
        (.unreachable, .unavailable, true), (.timedOut, .unavailable, true), (.cut, .unavailable, true),
        (.badAnswer, .unavailable, true), (.cancelled, .unavailable, false), (.untrusted, .denied, false),
        (.fileUnreadable, .unreadable, false), (.other, .refused, false),
    ]

    @Test(arguments: transfers)
    func missingAnswerIsJudgedByItsCause(cause: TransferError.Code, code: BlobError.Code, isTransient: Bool) {
        let failure = S3Failure(TransferError(code: cause, message: "m"))
        #expect(failure.code == code)
        #expect(failure.isTransient == isTransient)
    }
}
