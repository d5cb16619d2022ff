internal import Domain
internal import FoundationEssentials
internal import Glibc
internal import MongoStore

/// Files in this machine's work folder that killed processes left and that nothing else removes: parts of models, and
/// temporary files of dataset builds. Clips and fetched sources are the reconciler's.
struct WorkFileRetention: Sendable {
    let database: AnnotationDatabase
    /// The configured folder for work files, absolute.
    let work: String
    let cutoff: Date

    func steps() async throws(StoreError) -> [RetentionStep] {
        var steps: [RetentionStep] = []
        for path in self.candidates() where try await !self.isUsed(path) {
            steps.append(
                RetentionStep(description: "work file \(path): nobody writes it; it is removed") {
                    guard self.isOld(path), try await !self.isUsed(path) else { return false }
                    return unsafe unlink(path) == 0
                })
        }
        return steps
    }

    private func candidates() -> [String] {
        let parts = self.names(in: "models").filter { $0.hasSuffix(".part") }.map { "models/\($0)" }
        let trials = self.names(in: ".").filter { $0.hasPrefix("doctor-") }
        let builds = self.names(in: "datasets").map { "datasets/\($0)" }
        return (parts + trials + builds).map { "\(self.work)/\($0)" }.filter(self.isOld).sorted()
    }

    private func names(in folder: String) -> [String] {
        // A folder that is missing has no files.
        (try? FileManager.default.contentsOfDirectory(atPath: "\(self.work)/\(folder)")) ?? []
    }

    /// Whether it is a regular file, and not a link to one, that was last written before the cutoff.
    private func isOld(_ path: String) -> Bool {
        var status = stat()
        guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return Double(status.st_mtim.tv_sec) < self.cutoff.timeIntervalSince1970
    }

    /// Whether the job that the file's name begins with has work to do.
    private func isUsed(_ path: String) async throws(StoreError) -> Bool {
        let name = path.split(separator: "/").last ?? ""
        guard let job = ObjectID(String(name.prefix(24))) else { return false }
        return try await self.database.jobs.header(of: job)?.state.isLive ?? false
    }
}
