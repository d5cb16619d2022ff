internal import Glibc

/// The content folder as the doctor sees it.
package struct ContentFolderAccess: Hashable, Sendable {
    package let isHere: Bool
    package let isReadable: Bool
    package let isWritable: Bool

    package init(settings: PipelineSettings) {
        let base = ContentFolder(settings: settings).base
        self.isHere = unsafe access(base, F_OK) == 0
        self.isReadable = unsafe access(base, R_OK | X_OK) == 0
        self.isWritable = unsafe access(base, W_OK) == 0
    }
}
