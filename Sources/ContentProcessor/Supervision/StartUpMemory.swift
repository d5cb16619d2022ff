import Glibc

/// Memory that only the start of the process needed.
///
/// FFmpeg brings some two hundred libraries with it. Binding them reads pages all over their files, about thirty
/// megabytes, which stay resident although a process that serves requests never calls FFmpeg: its workers do.
enum StartUpMemory {
    /// Lets go of the pages of programs and libraries that hold what their files hold. The kernel loads
    /// a page again when it is read again. Changes nothing where /proc/self/smaps cannot be read.
    static func giveBack() {
        guard let file = unsafe fopen("/proc/self/smaps", "r") else { return }
        defer { unsafe fclose(file) }
        var buffer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { unsafe free(buffer) }
        var present: Range<UInt>?
        // A head such as "7f00-7f40 r--p 0000 08:01 12 /lib/x.so", then lines such as "Anonymous:  0 kB" (proc(5)).
        while unsafe getline(&buffer, &capacity, file) > 0, let bytes = unsafe buffer {
            let line = unsafe String(cString: bytes)
            if line.first?.isUppercase == false {
                present = Self.file(line)
            } else if line.hasPrefix("Anonymous:"), let range = present, line.split(separator: " ")[1] == "0" {
                Self.giveBack(range)
            }
        }
    }

    /// Where a file is mapped for this process alone, not to be written to; `nil` for other mappings.
    private static func file(_ head: String) -> Range<UInt>? {
        let fields = head.split(separator: " ", maxSplits: 5)
        guard fields.count == 6, fields[1] == "r--p" || fields[1] == "r-xp",
            fields[5].drop(while: { $0 == " " }).hasPrefix("/")
        else { return nil }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        return bounds.count == 2 && bounds[0] < bounds[1] ? bounds[0]..<bounds[1] : nil
    }

    /// Nothing is lost: no page of the mapping was ever changed, and none can be.
    private static func giveBack(_ range: Range<UInt>) {
        guard let start = unsafe UnsafeMutableRawPointer(bitPattern: range.lowerBound) else { return }
        // A rejection leaves the pages where they are.
        _ = unsafe madvise(start, range.count, MADV_DONTNEED)
    }
}
