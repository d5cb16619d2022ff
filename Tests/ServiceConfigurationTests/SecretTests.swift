import Testing

@testable import ServiceConfiguration

@Suite struct SecretTests {
    @Test func noWayOfPrintingShowsTheText() {
        let secret = Secret("Tr0ub4dor")
        var dumped = ""
        dump([secret], to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), String(describing: [secret]), dumped] {
            #expect(!text.contains("Tr0ub4dor"))
        }
        #expect("\(secret)" == "<hidden>")
        #expect(secret.reveal() == "Tr0ub4dor")
    }

    @Test func printingAllSettingsShowsNoSecret() throws {
        let settings = try settings(
            """
            [MongoDB]
            user_name = me
            password = Tr0ub4dor
            [S3]
            access_key_id = id
            secret_access_key = Tr0ub4dor
            bucket_name = b
            region = r
            [App]
            api_key = Tr0ub4dor-and-more-of-it
            api_key_next = Tr0ub4dor2-and-more-of-it
            """)
        var dumped = ""
        dump(settings, to: &dumped)
        #expect(dumped.contains("<hidden>") || dumped.contains("Secret"))
        #expect(!dumped.contains("Tr0ub4dor"))
        #expect(!"\(settings)".contains("Tr0ub4dor"))
    }
}
