/// `[MongoDB]`: how the database is reached.
package struct MongoDBSettings: Hashable, Sendable {
    /// What the driver connects with; holds the password.
    package let connectionString: Secret
    package let databaseName: String

    init(_ values: SectionValues<MongoDBKeys>, folders: FolderSettings) throws(ConfigurationError) {
        self.databaseName = try values.databaseName
        let caFile = try values.caFile.map(folders.resolve)
        if let uri = try values.uri {
            self.connectionString = Secret(Self.adding(caFile: caFile, to: uri.reveal()))
        } else {
            let server = try Self.server(values, databaseName: self.databaseName)
            let address = "mongodb://\(server.login)\(server.host)/\(self.databaseName)\(server.options)"
            self.connectionString = Secret(Self.adding(caFile: caFile, to: address))
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

    /// Adds the options of TLS, as <https://www.mongodb.com/docs/manual/reference/connection-string-options/> names them.
    private static func adding(caFile: String?, to uri: String) -> String {
        guard let caFile else { return uri }
        // Options need the slash that ends the hosts, and "?" only once.
        let hosts = uri.drop { $0 != ":" }.dropFirst(3)
        let start = uri.contains("?") ? "&" : hosts.contains("/") ? "?" : "/?"
        return "\(uri)\(start)tls=true&tlsCAFile=\(Self.escaped(caFile))"
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
