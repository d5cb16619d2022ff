/// Why one attempt of an S3 request failed, and whether another may succeed.
struct S3Failure: Error, Hashable, Sendable {
    let code: BlobError.Code
    /// Whether it may pass by itself.
    let isTransient: Bool
    /// How long the server wants to be left alone.
    var retryAfter: Duration?
    /// One plain sentence, without secrets.
    let message: String

    func blobError(subject: String) -> BlobError {
        BlobError(code: self.code, subject: subject, message: self.message)
    }

    /// A success whose body or fields are not what S3 answers: cut short, or by something else on the way.
    static func notUnderstood(_ what: String) -> S3Failure {
        S3Failure(code: .unavailable, isTransient: true, message: "the answer is not \(what)")
    }
}

extension S3Failure {
    /// An object whose bytes are not those that were put; another answer may have them.
    static let otherBytes = S3Failure(
        code: .unreadable, isTransient: true, message: ObjectMetadata.storedBytesDiffer)
}

// MARK: - No answer

extension S3Failure {
    init(_ error: TransferError) {
        let (code, isTransient): (BlobError.Code, Bool) =
            switch error.code {
            case .unreachable, .timedOut, .cut, .badAnswer: (.unavailable, true)
            case .cancelled: (.unavailable, false)
            case .untrusted: (.denied, false)
            case .fileUnreadable: (.unreadable, false)
            case .fileUnwritable: (.full, false)
            case .other: (.refused, false)
            }
        self.init(code: code, isTransient: isTransient, message: error.message)
    }
}

// MARK: - An answer other than success

extension S3Failure {
    /// Judges by S3's own error code in the body, else by the HTTP status.
    init(_ response: TransferResponse) {
        let name = Self.errorName(in: response.body)
        let meaning = name.flatMap { Self.meanings[$0] } ?? Self.meaning(ofStatus: response.status)
        let source = name.map { "HTTP \(response.status), \($0)" } ?? "HTTP \(response.status)"
        self.init(
            code: meaning.code, isTransient: meaning.isTransient,
            retryAfter: response.headers["retry-after"].flatMap { Int($0) }.map { .seconds(max(0, $0)) },
            message: "\(meaning.sentence) (\(source))")
    }

    private struct Meaning {
        let code: BlobError.Code
        var isTransient = false
        let sentence: String
    }

    /// The `Code` of S3's error document; only a plain word, since nothing else of the body may reach a log.
    private static func errorName(in body: [UInt8]) -> String? {
        guard let error = XMLElement(parsing: body), error.name == "Error", let code = error.child("Code")?.text,
            (1...64).contains(code.utf8.count), code.utf8.allSatisfy(isUnreserved)
        else { return nil }
        return code
    }

    /// By S3's error codes (Amazon S3 API Reference, "Error responses"), with those of MinIO and Ceph.
    private static let meanings: [String: Meaning] = {
        let wrongKeys = Meaning(code: .denied, sentence: "the access key or its secret is wrong")
        let noPermission = Meaning(code: .denied, sentence: "the keys have no permission for this")
        let noBucket = Meaning(code: .denied, sentence: "the bucket does not exist")
        let wrongRegion = Meaning(code: .denied, sentence: "the bucket is in another region or at another endpoint")
        let wrongClock = Meaning(code: .denied, sentence: "this machine's clock differs from the server's")
        let overloaded = Meaning(code: .unavailable, isTransient: true, sentence: "the server is overloaded")
        let broken = Meaning(code: .unavailable, isTransient: true, sentence: "the server failed")
        let cut = Meaning(code: .unavailable, isTransient: true, sentence: "the upload did not arrive whole")
        let full = Meaning(code: .full, sentence: "no space is left in the store")
        let changed = Meaning(code: .unreadable, sentence: ObjectMetadata.digestMismatch)
        let missing = Meaning(code: .unreadable, sentence: "the object does not exist")
        return [
            "InvalidAccessKeyId": wrongKeys, "SignatureDoesNotMatch": wrongKeys, "ExpiredToken": wrongKeys,
            "InvalidToken": wrongKeys,
            "AccessDenied": noPermission, "AccountProblem": noPermission, "AllAccessDisabled": noPermission,
            "NotSignedUp": noPermission, "InvalidObjectState": noPermission,
            "NoSuchBucket": noBucket, "InvalidBucketName": noBucket,
            "PermanentRedirect": wrongRegion, "AuthorizationHeaderMalformed": wrongRegion,
            "TemporaryRedirect": wrongRegion, "IllegalLocationConstraintException": wrongRegion,
            "RequestTimeTooSkewed": wrongClock,
            "SlowDown": overloaded, "SlowDownRead": overloaded, "SlowDownWrite": overloaded,
            "ServiceUnavailable": overloaded, "TooManyRequests": overloaded, "OperationAborted": overloaded,
            "InternalError": broken,
            "RequestTimeout": cut, "IncompleteBody": cut,
            "QuotaExceeded": full, "XMinioStorageFull": full, "XMinioAdminBucketQuotaExceeded": full,
            "XAmzContentSHA256Mismatch": changed,
            "NoSuchKey": missing,
        ]
    }()

    private static func meaning(ofStatus status: Int) -> Meaning {
        switch status {
        case 300..<400: Meaning(code: .denied, sentence: "the bucket is in another region or at another endpoint")
        case 401, 403: Meaning(code: .denied, sentence: "the keys are wrong or have no permission for this")
        case 404: Meaning(code: .denied, sentence: "the bucket does not exist")
        case 408, 429, 500, 502, 503, 504:
            Meaning(code: .unavailable, isTransient: true, sentence: "the server is overloaded or failed")
        case 507: Meaning(code: .full, sentence: "no space is left in the store")
        default: Meaning(code: .refused, sentence: "the server refused the request")
        }
    }
}
