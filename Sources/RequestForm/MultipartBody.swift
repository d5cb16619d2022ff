/// `multipart/form-data` (RFC 7578 on RFC 2046): parts between boundary lines, each with headers and a value.
///
/// Strict where leniency would guess: lines end with CR LF, the closing boundary must be there, and a part with a
/// file is refused.
enum MultipartBody {
    /// RFC 2046, 5.1.1.
    private static let maximumBoundaryByteCount = 70

    static func fields(of body: [UInt8], type: MediaType) throws(RequestFormError) -> [String: String] {
        guard let boundary = type.parameters["boundary"], !boundary.isEmpty,
            boundary.utf8.count <= Self.maximumBoundaryByteCount
        else { throw .malformed("the Content-Type names no boundary of 1 to \(Self.maximumBoundaryByteCount) bytes") }
        var collector = FieldCollector()
        for part in try Self.parts(of: body, boundary: boundary) {
            let (name, content) = try Self.field(of: part)
            try collector.add(name, content)
        }
        return try collector.finish()
    }

    /// What lies between the boundary lines; the preamble and the epilogue are dropped.
    private static func parts(of body: [UInt8], boundary: String) throws(RequestFormError) -> [ArraySlice<UInt8>] {
        // The line break before a boundary belongs to it; the first boundary may lack it.
        let delimiter = Array("\r\n--\(boundary)".utf8)
        let text = Array("\r\n".utf8) + body
        guard var end = text[...].range(of: delimiter)?.upperBound else {
            throw .malformed("the boundary of the Content-Type does not occur in the body")
        }
        var parts: [ArraySlice<UInt8>] = []
        while !text[end...].starts(with: "--".utf8) {
            let line = text[end...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            guard line.starts(with: "\r\n".utf8) else {
                throw .malformed("a boundary line does not end with CR LF")
            }
            guard let next = line.range(of: delimiter) else {
                throw .malformed("the body ends before its closing boundary")
            }
            parts.append(line[..<next.lowerBound].dropFirst(2))
            end = next.upperBound
        }
        return parts
    }

    /// The name and value of one part.
    private static func field(of part: ArraySlice<UInt8>) throws(RequestFormError) -> (String, FieldCollector.Content) {
        guard let blank = part.range(of: Array("\r\n\r\n".utf8)),
            let headers = String(validating: part[..<blank.lowerBound], as: UTF8.self)
        else { throw .malformed("a part has no headers or no empty line after them") }
        var disposition: MediaType?
        var transferEncoding = "binary"
        for line in headers.split(separator: "\r\n") {
            let sides = line.split(separator: ":", maxSplits: 1)
            guard sides.count == 2 else { throw .malformed("a part has a header line without a colon") }
            switch sides[0].lowercased() {
            case "content-disposition": disposition = MediaType(sides[1])
            case "content-transfer-encoding": transferEncoding = sides[1].lowercased().filter { $0 != " " }
            default: break
            }
        }
        guard let disposition, disposition.name == "form-data", let name = disposition.parameters["name"] else {
            throw .malformed("a part has no Content-Disposition: form-data with a name")
        }
        if disposition.parameters["filename"] != nil || disposition.parameters["filename*"] != nil {
            return (name, .invalid("is a file; send it as plain text"))
        }
        guard ["binary", "8bit", "7bit"].contains(transferEncoding) else {
            return (name, .invalid("has a Content-Transfer-Encoding; send it as plain text"))
        }
        return (name, .init(utf8: part[blank.upperBound...]))
    }
}

extension ArraySlice<UInt8> {
    /// Where `pattern`, which is not empty, first occurs.
    fileprivate func range(of pattern: [UInt8]) -> Range<Int>? {
        var rest = self
        while let start = rest.firstIndex(of: pattern[0]) {
            rest = rest[start...]
            if rest.starts(with: pattern) { return start..<(start + pattern.count) }
            rest = rest.dropFirst()
        }
        return nil
    }
}
