package import Domain

/// What dataset builds are told by the configuration.
package struct DatasetSettings: Sendable {
    package let rules: AugmentationRules
    /// 1 … 100.
    package let jpegQuality: Int
    /// For temporary files, absolute.
    package let workFolder: String
    /// Queued jobs beyond which new requests are refused.
    package let queueLimit: Int

    package init(
        rules: AugmentationRules, jpegQuality: Int, workFolder: String, queueLimit: Int
    ) {
        self.rules = rules
        self.jpegQuality = jpegQuality
        self.workFolder = workFolder
        self.queueLimit = queueLimit
    }
}
