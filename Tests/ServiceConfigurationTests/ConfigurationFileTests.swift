import FoundationEssentials
import Testing

@testable import ServiceConfiguration

@Suite struct ConfigurationFileTests {
    /// The package's folder, two above this one.
    static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    /// What the committed file must hold from its first section on.
    static var sections: String {
        KeyTable.sections.map { keys in
            let number = type(of: keys).isNumbered ? ".1" : ""
            let lines = keys.all.map { key in
                "# \(key.comment)\n" + (key.standard.isEmpty ? "#\(key.name) =" : "\(key.name) = \(key.standard)")
            }
            return "[\(type(of: keys).section)\(number)]\n\(lines.joined(separator: "\n"))\n"
        }.joined(separator: "\n")
    }

    @Test func theCommittedFileHasEveryKeyOnceWithItsCommentAndDefault() throws {
        let text = try String(contentsOfFile: Self.root + "/config.cfg", encoding: .utf8)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let head = lines.prefix { !$0.hasPrefix("[") }
        #expect(lines.dropFirst(head.count).joined(separator: "\n") == Self.sections)
        #expect(head.allSatisfy { $0.isEmpty || $0.hasPrefix("#") })
    }

    @Test func theCommittedFileChangesNoDefault() throws {
        let file = try Configuration.load(path: nil, environment: [:], workingDirectory: Self.root)
        let none = try Configuration.load(path: nil, environment: [:], workingDirectory: Self.root + "/Tests")
        #expect(file.mongoDB == none.mongoDB)
        #expect(file.app == none.app)
        #expect(file.content == none.content)
        #expect(file.encoding == none.encoding)
        #expect(file.autoAnnotation == none.autoAnnotation)
        #expect(file.augmentation == none.augmentation)
        #expect(file.cores == none.cores)
        #expect(file.worker == none.worker)
        #expect(file.log == none.log)
        #expect(file.retention == none.retention)
        #expect(file.folders.work == Self.root + "/work")
        #expect(file.storage == .directory(Self.root + "/work/objects"))
        #expect(file.notices.isEmpty)
    }

    @Test func aNamedFileMustBeThereAndBeAFile() {
        for path in ["absent.cfg", "/", Self.root] {
            let error = #expect(throws: ConfigurationError.self) {
                try Configuration.load(path: path, environment: [:], workingDirectory: Self.root)
            }
            #expect(error?.description == "\(path): the file is absent or cannot be read")
        }
    }

    @Test func aNamedFileIsFoundFromTheWorkingDirectory() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }  // Nothing is left to say when tidying up fails.
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("[App]\nport = 9000\n".utf8).write(to: folder.appending(path: "my settings.cfg"))
        let near = try Configuration.load(
            path: "my settings.cfg", environment: [:], workingDirectory: folder.path())
        let far = try Configuration.load(
            path: folder.path() + "/my settings.cfg", environment: [:], workingDirectory: "/")
        #expect(near.app.port == 9000)
        #expect(far.app.port == 9000)
    }

    @Test(arguments: [("MongoDB", "tls_ca_file"), ("S3", "ca_file")])
    func anAuthorityFileThatIsNotThereIsNamedByItsKey(section: String, key: String) throws {
        let keys = "access_key_id = a\nsecret_access_key = s\nendpoint = http://minio:9000\nbucket_name = b\n"
        let text = "[\(section)]\n\(section == "S3" ? keys : "")\(key) = /nowhere/authority.pem\n"
        let folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // Only a temporary folder.
        try Data(text.utf8).write(to: folder.appending(path: "config.cfg"))
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(path: nil, environment: [:], workingDirectory: folder.path)
        }
        let line = text.split(separator: "\n").count
        #expect(
            error?.description
                == "config.cfg:\(line): [\(section)] \(key) names /nowhere/authority.pem, which cannot be read")
    }
}
