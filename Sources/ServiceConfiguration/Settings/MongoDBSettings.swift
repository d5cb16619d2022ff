/// `[MongoDB]`: how the database is reached.
package struct MongoDBSettings: Hashable, Sendable {
    /// What the driver connects with; holds the password.
    package let connectionString: Secret
    package let databaseName: String
    /// PEM file of the authorities to trust, absolute; turns TLS on.
    package let caFile: String?

    init(_ values: SectionValues<MongoDBKeys>, folders: FolderSettings) throws(ConfigurationError) {
        self.databaseName = try values.databaseName
        self.caFile = try values.caFile.map(folders.resolve)
        if let uri = try values.uri {
            self.connectionString = uri
        } else {
            let server = try Self.server(values, databaseName: self.databaseName)
            self.connectionString = Secret(
                "mongodb://\(server.login)\(server.host)/\(self.databaseName)\(server.options)")
        }
    }

    /// The parts of a connection string that single keys give.
    private static func server(
        _ values: SectionValues<MongoDBKeys>, databaseName: String
    ) throws(ConfigurationError) -> (login: String, host: String, options: String) {
        let name = try values.serverIP
        // An IPv6 address stands in brackets, so that its colons are not the port's.
        let host = "\(name.contains(":") ? "[\(name)]" : name):\(try values.port)"
        switch (try values.userName, try values.password) {
        case (let user?, let password?):
            let database = try values.authSource ?? databaseName
            let login = "\(Self.escaped(user)):\(Self.escaped(password.reveal()))@"
            return (login, host, "?authSource=\(Self.escaped(database))")
        case (nil, nil):
            return ("", host, "")
        case (_?, nil):
            throw values.conflict(about: \.userName, "needs a password beside it")
        case (nil, _?):
            throw values.conflict(about: \.password, "needs a user_name beside it")
        }
    }

    /// Percent-encodes all but the unreserved characters of RFC 3986.
    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let character = Character(UnicodeScalar(byte))
            let isUnreserved =
                character.isASCII && (character.isLetter || character.isNumber || "-._~".contains(character))
            let digits = String(byte, radix: 16, uppercase: true)
            return isUnreserved ? String(character) : "%" + (byte < 16 ? "0" : "") + digits
        }.joined()
    }
}
