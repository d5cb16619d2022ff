extension BSONDocument {
    /// The document as BSON. Throws `.invalid` for what BSON cannot hold.
    package func encoded() throws(StoreError) -> [UInt8] {
        var writer = BSONWriter()
        try writer.append(self)
        return writer.bytes
    }

    /// Reads one document that fills `bytes` exactly. Throws `.invalid` with the place of the fault.
    package init(bytes: [UInt8]) throws(StoreError) {
        self = try unsafe bytes.withUnsafeBufferPointer { buffer throws(StoreError) in
            try unsafe BSONDocument(copying: UnsafeRawBufferPointer(buffer))
        }
    }

    init(copying buffer: UnsafeRawBufferPointer) throws(StoreError) {
        var reader = unsafe BSONReader(buffer)
        self = try reader.readDocument()
        try reader.expectEnd()
    }
}
