internal import Domain
internal import Archives
internal import Blocking

/// A zip that grows by files, on a thread of its own.
actor ZipFile {
    private nonisolated let executor = BlockingExecutor(label: "datasetbuilder.zip")
    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe self.executor.asUnownedSerialExecutor() }

    private var writer: ArchiveWriter?

    init(path: String) throws(ArchiveError) {
        self.writer = try ArchiveWriter.zip(at: path)
    }

    func add(contentsOf path: String, named name: String) throws(ArchiveError) {
        try self.writer?.add(contentsOf: path, named: name)
    }

    func add(_ text: String, named name: String) throws(ArchiveError) {
        try self.writer?.add(Array(text.utf8), named: name)
    }

    func finish() throws(ArchiveError) {
        try self.writer.take()?.finish()
    }
}
