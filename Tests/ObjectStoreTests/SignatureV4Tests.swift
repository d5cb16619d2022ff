import Testing

@testable import ObjectStore

/// The examples that AWS publishes: the signature test suite, and the S3 API Reference, "Signature Calculations for the
/// Authorization Header" and "Authenticating Requests: Using Query Parameters".
@Suite struct SignatureV4Tests {
    struct Example: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var service = "s3"
        let secret: String
        let access: String
        let stamp: Int
        let content: SignatureV4.Content
        let signature: String
    }

    private static let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private static func s3(
        _ name: String, _ method: String, _ path: String, query: [RequestField] = [], headers: [RequestField] = [],
        hash: String = empty, signature: String
    ) -> Example {
        Example(
            testDescription: name, secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", access: "AKIAIOSFODNN7EXAMPLE",
            stamp: 1_369_353_600,
            content: SignatureV4.Content(
                method: method, path: path, query: query,
                headers: headers + [
                    RequestField(name: "Host", value: "examplebucket.s3.amazonaws.com"),
                    RequestField(name: "x-amz-content-sha256", value: hash),
                    RequestField(name: "x-amz-date", value: "20130524T000000Z"),
                ], payloadHash: hash),
            signature: signature)
    }

    private static func suite(_ name: String, query: [RequestField], signature: String) -> Example {
        Example(
            testDescription: name, service: "service", secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
            access: "AKIDEXAMPLE", stamp: 1_440_938_160,
            content: SignatureV4.Content(
                method: "GET", path: "/", query: query,
                headers: [
                    RequestField(name: "Host", value: "example.amazonaws.com"),
                    RequestField(name: "X-Amz-Date", value: "20150830T123600Z"),
                ], payloadHash: empty),
            signature: signature)
    }

    static let examples: [Example] = [
        s3(
            "GET object with a range", "GET", "/test.txt", headers: [RequestField(name: "Range", value: "bytes=0-9")],
            signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
        s3(
            "PUT object with a key to encode", "PUT", "/test$file.text",
            headers: [
                RequestField(name: "Date", value: "Fri, 24 May 2013 00:00:00 GMT"),
                RequestField(name: "x-amz-storage-class", value: "REDUCED_REDUNDANCY"),
            ],
            hash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
        s3(
            "GET bucket lifecycle, a query field without value", "GET", "/",
            query: [RequestField(name: "lifecycle", value: "")],
            signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
        s3(
            "GET list of objects", "GET", "/",
            query: [RequestField(name: "prefix", value: "J"), RequestField(name: "max-keys", value: "2")],
            signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
        suite(
            "get-vanilla", query: [],
            signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        suite(
            "get-vanilla-query-order-key-case",
            query: [RequestField(name: "Param2", value: "value2"), RequestField(name: "Param1", value: "value1")],
            signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ]

    @Test(arguments: examples)
    func publishedExampleIsReproduced(example: Example) {
        let signer = SignatureV4(
            accessKeyID: example.access, secretAccessKey: example.secret, region: "us-east-1",
            service: example.service)
        let header = signer.authorization(
            for: example.content, at: SigningTime(secondsSince1970: example.stamp))
        #expect(header.hasSuffix("Signature=\(example.signature)"))
        #expect(header.hasPrefix("AWS4-HMAC-SHA256 Credential=\(example.access)/"))
        #expect(!header.contains(example.secret))
    }

    @Test func publishedPresignedURLIsReproduced() {
        let signer = SignatureV4(
            accessKeyID: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            region: "us-east-1")
        let content = SignatureV4.Content(
            method: "GET", path: "/test.txt",
            headers: [RequestField(name: "host", value: "examplebucket.s3.amazonaws.com")],
            payloadHash: "UNSIGNED-PAYLOAD")
        let query = signer.presignedQuery(
            for: content, validFor: 86_400, at: SigningTime(secondsSince1970: 1_369_353_600))
        #expect(
            query == "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                + "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                + "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                + "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404")
    }

    static let moments: [(Int, String)] = [
        (0, "19700101T000000Z"),
        (951_827_696, "20000229T123456Z"),
        (1_767_225_599, "20251231T235959Z"),
    ]

    @Test(arguments: moments)
    func timeIsWrittenInUTC(seconds: Int, stamp: String) {
        #expect(SigningTime(secondsSince1970: seconds).stamp == stamp)
        #expect(SigningTime(secondsSince1970: seconds).day == String(stamp.prefix(8)))
    }
}
