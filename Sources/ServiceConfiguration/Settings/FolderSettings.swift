/// `[Folders]`: absolute paths of what lies on this machine. Nothing is looked up: links stay, folders may be absent.
package struct FolderSettings: Hashable, Sendable {
    /// Where every relative path of the settings and of requests starts.
    package let root: String
    /// A request's content lies in it, after links are followed.
    package let contentBase: String
    package let work: String
    package let models: String
    /// Where OpenVINO's wheel is unpacked.
    package let openVINO: String

    init(_ values: SectionValues<FolderKeys>, workingDirectory: String) throws(ConfigurationError) {
        self.root = Self.resolve(try values.root ?? ".", against: workingDirectory)
        self.contentBase = Self.resolve(try values.contentBase, against: self.root)
        self.work = Self.resolve(try values.work, against: self.root)
        self.models = Self.resolve(try values.models, against: self.root)
        self.openVINO = Self.resolve(try values.openVINO, against: self.root)
    }

    /// `path` itself when absolute, else below ``root``; without empty and `.` components.
    package func resolve(_ path: String) -> String {
        Self.resolve(path, against: self.root)
    }

    private static func resolve(_ path: String, against base: String) -> String {
        let full = path.hasPrefix("/") ? path : base + "/" + path
        // ".." stays for the kernel, since the component before it may be a link.
        return "/" + full.split(separator: "/").filter { $0 != "." }.joined(separator: "/")
    }
}
