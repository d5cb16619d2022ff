internal import Glibc

/// Room on the file system of a path.
package enum FreeSpace {
    /// Bytes that may still be written; `nil` when the file system cannot be asked.
    package static func byteCount(at path: String) -> UInt64? {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { return nil }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
