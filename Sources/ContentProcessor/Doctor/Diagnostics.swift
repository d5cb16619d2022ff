import Domain
import ContentPipeline
import MongoStore
import ObjectStore
import Bootstrap
import ServiceConfiguration

/// Everything that the doctor looks at with a configuration that can be read, joined in this one place.
struct Diagnostics {
    private let checks: [any Check]

    /// - Parameter file: the configuration's; `nil` without one.
    init(_ configuration: Configuration, file: String?) {
        let settings = PipelineSettings(configuration)
        let database = Result { () throws(StoreError) in
            // As many as checks that ask it, so that none waits for another.
            try Stores.openDatabase(configuration.mongoDB, clientCount: 3)
        }
        let store = Result { () throws(BlobError) in
            try Stores.openStore(configuration.storage, connections: 2)
        }
        self.checks = [
            ConfigurationCheck(configuration: configuration, file: file),
            DatabaseCheck(database: database),
            StoreCheck(store: store, scratch: configuration.folders.work),
            ClockCheck(database: database, store: store),
            FolderCheck(settings: settings, storage: configuration.storage, retention: configuration.retention),
            EncoderCheck(settings: settings.encoding, scratch: configuration.folders.work),
            AnnotatorCheck(database: database, store: store, settings: settings),
            OpenFilesCheck(),
        ]
    }

    /// What all checks tell, in a fixed order. They look at the same time: a system that is away costs its patience
    /// once.
    func diagnostics() async -> [Diagnostic] {
        await withTaskGroup(of: (Int, [Diagnostic]).self) { group in
            for (number, check) in self.checks.enumerated() {
                group.addTask { (number, await check.diagnostics()) }
            }
            return await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.flatMap(\.1)
        }
    }
}
