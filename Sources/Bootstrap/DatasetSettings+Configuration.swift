internal import Domain
package import DatasetBuilder
package import ServiceConfiguration

extension DatasetSettings {
    package init(_ configuration: Configuration) {
        self.init(
            rules: AugmentationRules(configuration.augmentation), jpegQuality: configuration.encoding.jpegQuality,
            workFolder: configuration.folders.work, queueLimit: configuration.app.queueLimit)
    }
}

extension AugmentationRules {
    init(_ settings: AugmentationSettings) {
        self.init(
            share: settings.share, minimumVisible: settings.minimumVisible,
            typesByIdentifier: settings.typesByIdentifier, divisorsByIdentifier: settings.divisorsByIdentifier,
            disabledIdentifiers: settings.disabledIdentifiers,
            splits: Set(settings.splits.map(DatasetSplit.init)))
    }
}

extension AugmentationSettings {
    /// Names of augmentations that nobody knows are misspelt: what was to be skipped would be made.
    ///
    /// - Parameter place: where the settings are from.
    /// - Throws: ``ConfigurationError/Code/badValue`` with the names that there are.
    func checkNames(in place: String) throws(ConfigurationError) {
        let types = AugmentationType.allCases.map(\.rawValue).sorted()
        for (identifier, type) in self.typesByIdentifier.sorted(by: { $0.key < $1.key }) where !types.contains(type) {
            throw ConfigurationError(
                .badValue, at: place,
                "[Augmentation] aug_map: \(identifier) is to be \(type), which is no type; types are "
                    + types.joined(separator: ", "))
        }
        let known = Set(types).union(AugmentationType.typesByIdentifier.keys).union(self.typesByIdentifier.keys)
        if let unknown = self.disabledIdentifiers.sorted().first(where: { !known.contains($0) }) {
            throw ConfigurationError(
                .badValue, at: place,
                "[Augmentation] disabled: \(unknown) is no augmentation; known are "
                    + known.sorted().joined(separator: ", "))
        }
    }
}

extension DatasetSplit {
    /// Both modules name the splits, and neither knows the other.
    fileprivate init(_ split: AugmentationSettings.Split) {
        switch split {
        case .train: self = .training
        case .val: self = .validation
        case .test: self = .testing
        }
    }
}
