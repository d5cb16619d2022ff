internal import FoundationEssentials

/// All settings of the service, read once at start from `config.cfg` and the environment.
package struct Configuration: Sendable {
    package let mongoDB: MongoDBSettings
    package let storage: StorageSettings
    /// Start of the keys at which sources are shared with machines without the content folder; `nil` shares none.
    package let sourcePrefix: String?
    package let app: AppSettings
    package let content: ContentSettings
    package let encoding: EncodingSection
    package let folders: FolderSettings
    /// The registered versions by number; version 1 is always there.
    package let autoAnnotation: [Int: AutoAnnotationSettings]
    package let augmentation: AugmentationSettings
    package let cores: CoreSettings
    package let worker: WorkerSettings
    package let log: LogSettings
    package let retention: RetentionSettings
    /// What was ignored and perhaps should not have been: plain sentences for the log, without secrets.
    package let notices: [String]

    /// The file that is read when none is named, in the working directory.
    package static let defaultFileName = "config.cfg"

    /// Reads the settings; blocks on the disk.
    ///
    /// - Parameters:
    ///   - path: of the file, relative to the working directory; `nil` takes `config.cfg`, or defaults without it.
    ///   - environment: replaces values of the file, see ``EnvironmentOverrides``.
    ///   - workingDirectory: absolute.
    /// - Throws: ``ConfigurationError``, whose description is the one line to show.
    package static func load(
        path: String?, environment: [String: String], workingDirectory: String
    ) throws(ConfigurationError) -> Configuration {
        let name = path ?? Self.defaultFileName
        let document: INIDocument
        do {
            let url = URL(filePath: name, relativeTo: URL(filePath: workingDirectory, directoryHint: .isDirectory))
            document = try INIDocument(name: name, bytes: try Data(contentsOf: url))
        } catch let error as ConfigurationError {
            throw error
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile && path == nil {
            document = INIDocument(emptyNamed: name)
        } catch {
            throw ConfigurationError(.unreadable, at: name, "the file is absent or cannot be read")
        }
        let source = SettingsSource(document: document, overrides: EnvironmentOverrides(environment))
        let configuration = try Configuration(source, workingDirectory: workingDirectory)
        try configuration.checkFiles(source)
        return configuration
    }

    /// Refuses a file of authorities that is not there: the libraries notice only when they connect, and then as a
    /// server that is away.
    private func checkFiles(_ source: SettingsSource) throws(ConfigurationError) {
        func isMissing(_ file: String?) -> Bool {
            file.map { !FileManager.default.isReadableFile(atPath: $0) } ?? false
        }
        if let file = self.mongoDB.caFile, isMissing(file) {
            throw source.values(of: MongoDBKeys()).conflict(about: \.caFile, "names \(file), which cannot be read")
        }
        if case .bucket(let bucket) = self.storage, let file = bucket.caFile, isMissing(file) {
            throw source.values(of: S3Keys()).conflict(about: \.caFile, "names \(file), which cannot be read")
        }
    }

    init(_ source: SettingsSource, workingDirectory: String) throws(ConfigurationError) {
        try source.checkNames()
        try source.checkValues()
        self.folders = try FolderSettings(source.values(of: FolderKeys()), workingDirectory: workingDirectory)
        self.mongoDB = try MongoDBSettings(source.values(of: MongoDBKeys()), folders: self.folders)
        self.storage = try StorageSettings(source.values(of: S3Keys()), folders: self.folders)
        self.sourcePrefix = try source.values(of: S3Keys()).sourcePrefix
        self.app = try AppSettings(source.values(of: AppKeys()))
        self.content = try ContentSettings(source.values(of: ContentKeys()))
        self.encoding = try EncodingSection(source.values(of: EncodingKeys()))
        self.autoAnnotation = try AutoAnnotationSettings.versions(in: source)
        self.augmentation = try AugmentationSettings(source.values(of: AugmentationKeys()))
        self.cores = try CoreSettings(source.values(of: CoreKeys()))
        self.worker = try WorkerSettings(source.values(of: WorkerKeys()))
        self.log = try LogSettings(source.values(of: LogKeys()))
        self.retention = try RetentionSettings(source.values(of: RetentionKeys()))
        self.notices = Self.notices(source, storage: self.storage)
    }

    private static func notices(_ source: SettingsSource, storage: StorageSettings) -> [String] {
        var notices = source.overrides.serviceLinks.map {
            "environment variable \($0) holds a link of the container platform and is ignored"
        }
        notices += source.overrides.misspelled.map {
            "environment variable \($0.name) is not read; did you mean \($0.meant)?"
        }
        let bucket = source.values(of: S3Keys())
        if case .directory(let path) = storage, bucket.isSet(\.endpoint) || bucket.isSet(\.bucketName) {
            notices.append("[S3] has no access_key_id, so objects go to the directory \(path)")
        }
        return notices
    }
}
