internal import CExif

/// The values of an EXIF block, as libexif reads them.
///
/// Used by one thread at a time.
@safe
struct ExifValues: ~Copyable {
    private let data: UnsafeMutablePointer<ExifData>
    private let order: ExifByteOrder

    /// - Parameter block: from its TIFF header on.
    /// - Returns: `nil` when memory runs out.
    init?(_ block: ArraySlice<UInt8>) {
        guard let data = unsafe exif_data_new() else { return nil }
        unsafe self.data = unsafe data
        // As it stands: libexif would drop what it does not know and fill in what it misses.
        unsafe exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS)
        unsafe exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION)
        let bytes = Array("Exif".utf8) + [0, 0] + block
        unsafe exif_data_load_data(data, bytes, UInt32(clamping: bytes.count))
        self.order = unsafe exif_data_get_byte_order(data)
    }

    deinit { unsafe exif_data_unref(self.data) }

    /// Text without what pads it; `nil` when there is none.
    func text(_ tag: Int, in directory: ExifTags.Directory) -> String? {
        guard let bytes = self.bytes(tag, directory, EXIF_FORMAT_ASCII)?.prefix(while: { $0 != 0 }) else {
            return nil
        }
        // The standard asks for ASCII; cameras write UTF-8 or Latin-1.
        let text = String(validating: bytes, as: UTF8.self) ?? String(bytes.map { Character(Unicode.Scalar($0)) })
        let trimmed = text.drop { $0 == " " }
        return trimmed.isEmpty ? nil : String(trimmed.reversed().drop { $0 == " " }.reversed())
    }

    /// A whole number of at most 32 bits.
    func whole(_ tag: Int, in directory: ExifTags.Directory) -> Int? {
        let formats = [(EXIF_FORMAT_SHORT, 2), (EXIF_FORMAT_LONG, 4), (EXIF_FORMAT_BYTE, 1)]
        for (format, size) in formats {
            guard let bytes = self.bytes(tag, directory, format), bytes.count >= size else { continue }
            return self.number(bytes.prefix(size))
        }
        return nil
    }

    /// Fractions; those that divide by zero are `nil`.
    func fractions(_ tag: Int, in directory: ExifTags.Directory) -> [Double?]? {
        guard let bytes = self.bytes(tag, directory, EXIF_FORMAT_RATIONAL) else { return nil }
        return stride(from: 0, to: bytes.count - 7, by: 8).map { start in
            let (above, below) = (self.number(bytes[start..<start + 4]), self.number(bytes[start + 4..<start + 8]))
            return below == 0 ? nil : Double(above) / Double(below)
        }
    }

    /// The value's bytes; `nil` when there is none of this format.
    private func bytes(_ tag: Int, _ directory: ExifTags.Directory, _ format: ExifFormat) -> [UInt8]? {
        let contents = unsafe self.data.pointee.ifd
        let content =
            switch directory {
            case .first: unsafe contents.0
            case .exif: unsafe contents.2
            case .gps: unsafe contents.3
            }
        guard let content = unsafe content,
            let entry = unsafe exif_content_get_entry(content, ExifTag(UInt32(tag))),
            unsafe entry.pointee.format == format, let start = unsafe entry.pointee.data
        else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: start, count: Int(entry.pointee.size)))
    }

    private func number(_ bytes: ArraySlice<UInt8>) -> Int {
        self.order == EXIF_BYTE_ORDER_INTEL
            ? bytes.reversed().reduce(0) { $0 << 8 | Int($1) } : bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
