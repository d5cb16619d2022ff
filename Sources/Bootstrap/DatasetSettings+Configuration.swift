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
