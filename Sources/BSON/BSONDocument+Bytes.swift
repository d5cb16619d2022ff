extension BSONDocument {
    /// The document as BSON. Throws `.unencodable` for what BSON cannot hold.
    public func encoded() throws(BSONError) -> [UInt8] {
        var writer = BSONWriter()
        try writer.append(self)
        return writer.bytes
    }

    /// Reads one document that fills `bytes` exactly. Throws `.malformed` with the place of the fault.
    public init(bytes: [UInt8]) throws(BSONError) {
        self = try unsafe bytes.withUnsafeBufferPointer { buffer throws(BSONError) in
            try unsafe BSONDocument(copying: UnsafeRawBufferPointer(buffer))
        }
    }

    /// As ``init(bytes:)``, of bytes that somebody else owns and lends for the call.
    package init(copying buffer: UnsafeRawBufferPointer) throws(BSONError) {
        var reader = unsafe BSONReader(buffer)
        self = try reader.readDocument()
        try reader.expectEnd()
    }
}
