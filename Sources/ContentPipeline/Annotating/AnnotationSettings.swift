package import Domain

/// What auto annotation is told by the configuration.
package struct AnnotationSettings: Sendable {
    /// The versions that the configuration names, in the order of their numbers.
    package let configured: [AnnotatorVersion]
    /// Where model files of the configuration lie; absolute.
    package let modelFolder: String
    /// Where OpenVINO's wheel is unpacked; absolute.
    package let libraryFolder: String
    /// Threads that inference may use: the worker's share of the machine.
    package let threadCount: Int
    /// Servers that versions registered at run time may name.
    package let allowedServers: [String]

    package init(
        configured: [AnnotatorVersion], modelFolder: String, libraryFolder: String, threadCount: Int,
        allowedServers: [String]
    ) {
        self.configured = configured
        self.modelFolder = modelFolder
        self.libraryFolder = libraryFolder
        self.threadCount = threadCount
        self.allowedServers = allowedServers
    }
}
