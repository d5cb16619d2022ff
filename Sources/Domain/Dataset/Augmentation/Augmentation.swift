/// An augmentation of a version: its type and what each picture draws from.
package struct Augmentation: Hashable, Sendable {
    package let type: AugmentationType
    /// `nil` for switches.
    package let values: ClosedRange<Double>?

    /// What a version's requests come to, in the order of types' names.
    ///
    /// - Throws: ``AugmentationError`` for the first request that cannot be followed, before anything is made.
    package static func list(
        _ requests: [AugmentationRequest], rules: AugmentationRules
    ) throws(AugmentationError) -> [Augmentation] {
        var list: [Augmentation] = []
        for request in requests where !rules.disabledIdentifiers.contains(request.identifier) {
            guard let type = rules.type(of: request.identifier) else {
                throw AugmentationError("\(request.identifier) is no augmentation that this service knows.")
            }
            guard let augmentation = try Augmentation(type, request, rules: rules) else { continue }
            guard !list.contains(where: { $0.type == type }) else {
                throw AugmentationError("\(request.identifier) asks for \(type.rawValue) a second time.")
            }
            list.append(augmentation)
        }
        return list.sorted { $0.type.rawValue < $1.type.rawValue }
    }

    /// `nil` when it is switched off.
    private init?(
        _ type: AugmentationType, _ request: AugmentationRequest, rules: AugmentationRules
    ) throws(AugmentationError) {
        self.type = type
        switch (request.value, type.allowedValues) {
        case (.flag(false), _):
            return nil
        case (.flag(true), nil):
            self.values = nil
        case (.flag(true), let allowed?) where allowed == 0...1:
            // Switched on without an amount: all of it.
            self.values = 1...1
        case (.range(let low, let high), let allowed?):
            let divisor = rules.divisorsByIdentifier[request.identifier] ?? 1
            let values = min(low, high) / divisor...max(low, high) / divisor
            guard allowed.lowerBound <= values.lowerBound, values.upperBound <= allowed.upperBound else {
                throw AugmentationError(
                    "\(request.identifier) has values outside \(allowed.lowerBound) to \(allowed.upperBound).")
            }
            self.values = values
        case (.flag(true), _), (.range, nil), (.unreadable, _):
            let wanted = type.allowedValues == nil ? "[true] or [false]" : "[low, high]"
            throw AugmentationError("\(request.identifier) must have the values \(wanted).")
        }
    }
}

/// Why a version's augmentations cannot be made: one sentence for a person.
package struct AugmentationError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
