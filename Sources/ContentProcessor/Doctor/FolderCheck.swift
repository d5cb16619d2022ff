import ContentPipeline
import ServiceConfiguration

/// The folders of this machine: what may be read and written, and how much room there is.
struct FolderCheck: Check {
    let settings: PipelineSettings
    let storage: StorageSettings
    let retention: RetentionSettings

    /// Below it somebody should look: a few hundred clips.
    private static let ampleByteCount: UInt64 = 1 << 30

    func diagnostics() async -> [Diagnostic] {
        var diagnostics = [self.content, self.work]
        if case .directory(let path) = self.storage { diagnostics.append(Self.space("object_folder", at: path)) }
        return diagnostics
    }

    private var content: Diagnostic {
        let name = "content_folder"
        let path = self.settings.folders.contentBase
        let access = ContentFolderAccess(settings: self.settings)
        guard access.isHere else {
            guard self.settings.sourcePrefix == nil else {
                return .warning(
                    name, "\(path) is not here", advice: "none is needed on a machine that only works on shared sources"
                )
            }
            return .failed(name, "\(path) is not here", advice: "make or mount it, or set [Folders] content_base")
        }
        guard access.isReadable else {
            return .failed(name, "\(path) cannot be read", advice: "let the service's user read it and enter it")
        }
        guard access.isWritable || self.retention.sourceVideos == nil else {
            return .warning(
                name, "\(path) cannot be written to, but [Retention] source_video_days is set",
                advice: "let the service's user remove files there, or remove source videos by other means")
        }
        return .ok(name, "\(path) can be read")
    }

    private var work: Diagnostic {
        let name = "work_folder"
        do throws(WorkFolder.Problem) { try WorkFolder(settings: self.settings).checkReadiness() } catch {
            return .failed(
                name, "\(error)", advice: "make room, let the service's user write there, or set [Folders] work")
        }
        return Self.space(name, at: self.settings.folders.work)
    }

    private static func space(_ name: String, at path: String) -> Diagnostic {
        guard let byteCount = FreeSpace.byteCount(at: path) else {
            return .failed(name, "\(path) cannot be examined", advice: "make it, or let the service's user enter it")
        }
        let seen = "\(path) has \(Self.text(byteCount)) free"
        guard byteCount >= Self.ampleByteCount else {
            return .warning(name, seen, advice: "make room: work waits when there is none")
        }
        return .ok(name, seen)
    }

    private static func text(_ byteCount: UInt64) -> String {
        byteCount >= 10 << 30 ? "\(byteCount >> 30) GiB" : "\(byteCount >> 20) MiB"
    }
}
