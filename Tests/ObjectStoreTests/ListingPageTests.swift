import Testing

@testable import ObjectStore

@Suite struct ListingPageTests {
    private static func page(_ content: String) throws -> ListingPage {
        try ListingPage(
            Array(
                """
                <?xml version="1.0" encoding="UTF-8"?>
                <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\(content)</ListBucketResult>
                """.utf8))
    }

    static let keys: [(String, String)] = [
        ("<Contents><Key>a&amp;b&lt;c&gt;&quot;&apos;&#38;&#x26;</Key></Contents>", "a&b<c>\"'&&"),
        ("<Contents><Size>1</Size><Key><![CDATA[a&b]]></Key></Contents>", "a&b"),
        ("<Contents><Owner><ID>x</ID></Owner><Key>é</Key></Contents>", "é"),
        ("<s3:Contents a='>' b=\"/>\"><s3:Key>k</s3:Key></s3:Contents>", "k"),
        ("<Contents><Key>a%2Bb+c</Key></Contents>", "a%2Bb+c"),
        ("<EncodingType>url</EncodingType><Contents><Key>a%2Bb+c%C3%A9/d</Key></Contents>", "a+b cé/d"),
        ("<!-- <Contents/> --><Contents><Key>\n</Key></Contents>", "\n"),
    ]

    @Test(arguments: keys)
    func keyIsRead(content: String, key: String) throws {
        let page = try Self.page(content)
        #expect(page.keys == [key])
        #expect(page.continuation == nil)
    }

    @Test func emptyListingHasNoKeys() throws {
        #expect(try Self.page("<KeyCount>0</KeyCount><IsTruncated>false</IsTruncated><Prefix/>").keys.isEmpty)
    }

    @Test func truncatedListingTellsWhereItGoesOn() throws {
        let page = try Self.page(
            "<IsTruncated>true</IsTruncated><NextContinuationToken>1/&amp;==</NextContinuationToken>")
        #expect(page.continuation == "1/&==")
    }

    static let nonsense = [
        "", "<", "<html><body>Welcome</body></html>", "<ListBucketResult>", "<ListBucketResult></Other>",
        "<ListBucketResult><Contents><Key>a</Key></Contents>", "{}", "\u{0}\u{1}", "<a><b></a></b>",
        "<ListBucketResult><Contents></Contents></ListBucketResult>",
        "<ListBucketResult><Contents><Key>&nbsp;</Key></Contents></ListBucketResult>",
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents></ListBucketResult>",
        "<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%FF</Key></Contents></ListBucketResult>",
        "<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><ListBucketResult/>",
        String(repeating: "<a>", count: 100_000),
    ]

    @Test(arguments: nonsense)
    func nonsenseIsATransientFailure(text: String) {
        let failure = #expect(throws: S3Failure.self) { try ListingPage(Array(text.utf8)) }
        #expect(failure?.isTransient == true)
    }

    static let encodings = [
        ("abcXYZ019-._~", "abcXYZ019-._~"), ("a b+c", "a%20b%2Bc"), ("é", "%C3%A9"), ("a/b", "a%2Fb"),
        ("!*'()", "%21%2A%27%28%29"), ("", ""),
    ]

    @Test(arguments: encodings)
    func percentEncodingIsReversible(text: String, encoded: String) {
        #expect(percentEncoded(text) == encoded)
        #expect(percentDecoded(encoded) == text)
    }
}
