/// Documents of records and back, with errors of the driver.
extension BSONDocument {
    /// Throws `.invalid`, naming the key path, for what BSON cannot hold or a value that is no document.
    package init(encoding record: some Encodable) throws(StoreError) {
        self = try StoreError.translating { () throws(BSONError) in try BSONEncoder().encode(record) }
    }

    /// Throws `.invalid`, naming the key path, when the document does not fit `type`.
    package func decoded<Record: Decodable>(as type: Record.Type) throws(StoreError) -> Record {
        try StoreError.translating { () throws(BSONError) in try BSONDecoder().decode(type, from: self) }
    }
}

extension StoreError {
    /// The one place where an error of BSON becomes one of the driver.
    static func translating<Result>(_ body: () throws(BSONError) -> Result) throws(StoreError) -> Result {
        do {
            return try body()
        } catch {
            throw StoreError(.invalid, call: Self.call(error.code), message: error.description)
        }
    }

    private static func call(_ code: BSONError.Code) -> String {
        switch code {
        case .malformed: "read BSON"
        case .unencodable: "encode"
        case .undecodable: "decode"
        }
    }
}
