/// `[App]`: the HTTP service.
package struct AppSettings: Hashable, Sendable {
    /// The configured keys of callers, at most two; empty when the service must make one (``ServiceKeyFile``).
    package let keys: [ServiceKey]
    package let host: String
    /// 0 takes a free port.
    package let port: Int
    package let allowsUnkeyedDatasetRequests: Bool
    /// Whether `/metrics` asks for a key as `/api` does.
    package let metricsNeedKey: Bool
    /// In lower case, as browsers send them.
    package let corsOrigins: [String]
    /// Inference servers that versions registered at run time may name.
    package let inferenceServers: [String]
    /// How many streams of job events may be open at once.
    package let eventStreams: Int
    /// How many jobs may wait.
    package let queueLimit: Int

    init(_ values: SectionValues<AppKeys>) throws(ConfigurationError) {
        self.keys = [
            try values.apiKey.map { ServiceKey($0, place: values.place(of: \.apiKey)) },
            try values.nextAPIKey.map { ServiceKey($0, place: values.place(of: \.nextAPIKey)) },
        ].compactMap { $0 }
        self.host = try values.host
        self.port = try values.port
        self.allowsUnkeyedDatasetRequests = try values.allowsUnkeyedDatasetRequests
        self.metricsNeedKey = try values.metricsNeedKey
        self.corsOrigins = try values.corsOrigins
        self.inferenceServers = try values.inferenceServers
        self.eventStreams = try values.eventStreams
        self.queueLimit = try values.queueLimit
    }
}
