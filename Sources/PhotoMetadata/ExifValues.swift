internal import CExif

/// The values of an Exif block as libexif reads them; owns libexif's object.
///
/// Used by one thread at a time.
@safe
struct ExifValues: ~Copyable {
    private let data: UnsafeMutablePointer<ExifData>

    private init(takingOwnershipOf data: UnsafeMutablePointer<ExifData>) { unsafe self.data = unsafe data }

    deinit { unsafe exif_data_unref(self.data) }

    /// Reads the values of `directories`; `nil` when memory runs out.
    static func reading(_ directories: TIFFDirectories) -> ExifValues? {
        guard let data = unsafe exif_data_new() else { return nil }
        let values = unsafe ExifValues(takingOwnershipOf: data)
        // On by default, these would invent tags that are missing, change values, and drop tags that are newer.
        unsafe exif_data_unset_option(data, EXIF_DATA_OPTION_FOLLOW_SPECIFICATION)
        unsafe exif_data_unset_option(data, EXIF_DATA_OPTION_IGNORE_UNKNOWN_TAGS)
        let block = Array("Exif".utf8) + [0, 0] + directories.bytes
        unsafe block.withUnsafeBufferPointer { block in
            unsafe exif_data_load_data(data, block.baseAddress, UInt32(clamping: block.count))
        }
        return values
    }

    /// `nil` when the tag is missing, its value is not within the block, or has a format that no tag should have.
    subscript(_ tag: ExifTag) -> ExifValue? {
        guard
            let entry = unsafe exif_content_get_entry(self.content(tag.directory), CExif.ExifTag(UInt32(tag.rawValue)))
        else { return nil }
        let order = unsafe exif_data_get_byte_order(self.data)
        guard let start = unsafe entry.pointee.data else { return nil }
        let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: Int(entry.pointee.size)))
        return unsafe Self.value(of: bytes, format: entry.pointee.format, order)
    }

    private func content(_ directory: ExifTag.Directory) -> UnsafeMutablePointer<ExifContent>? {
        switch directory {
        case .image: unsafe self.data.pointee.ifd.0
        case .exif: unsafe self.data.pointee.ifd.2
        case .gps: unsafe self.data.pointee.ifd.3
        }
    }

    private static func value(of bytes: [UInt8], format: ExifFormat, _ order: ExifByteOrder) -> ExifValue? {
        let size = Int(exif_format_get_size(format))
        guard size > 0, bytes.count >= size, bytes.count.isMultiple(of: size) else { return nil }
        func each<Number>(_ read: (UnsafePointer<UInt8>, ExifByteOrder) -> Number) -> [Number] {
            unsafe bytes.withUnsafeBufferPointer { bytes in
                guard let start = bytes.baseAddress else { return [] }
                return stride(from: 0, to: bytes.count, by: size).map { unsafe read(start + $0, order) }
            }
        }
        switch format {
        case EXIF_FORMAT_ASCII, EXIF_FORMAT_BYTE, EXIF_FORMAT_UNDEFINED: return .bytes(bytes)
        case EXIF_FORMAT_SHORT: return unsafe .integers(each { unsafe Int(exif_get_short($0, $1)) })
        case EXIF_FORMAT_LONG: return unsafe .integers(each { unsafe Int(exif_get_long($0, $1)) })
        case EXIF_FORMAT_SSHORT: return unsafe .integers(each { unsafe Int(exif_get_sshort($0, $1)) })
        case EXIF_FORMAT_SLONG: return unsafe .integers(each { unsafe Int(exif_get_slong($0, $1)) })
        case EXIF_FORMAT_RATIONAL:
            return unsafe .numbers(
                each {
                    let fraction = unsafe exif_get_rational($0, $1)
                    return Self.quotient(Int(fraction.numerator), Int(fraction.denominator))
                })
        case EXIF_FORMAT_SRATIONAL:
            return unsafe .numbers(
                each {
                    let fraction = unsafe exif_get_srational($0, $1)
                    return Self.quotient(Int(fraction.numerator), Int(fraction.denominator))
                })
        default: return nil
        }
    }

    private static func quotient(_ numerator: Int, _ denominator: Int) -> Double? {
        denominator == 0 ? nil : Double(numerator) / Double(denominator)
    }
}
