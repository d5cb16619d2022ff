package import Domain

/// Where an object is and how it moves, estimated from the boxes seen so far.
///
/// A Kalman filter with constant velocity over centre, aspect ratio and height, as in Wojke, Bewley, Paulus, "Simple
/// Online and Realtime Tracking with a Deep Association Metric", ICIP 2017, which ByteTrack uses too. All noise is
/// independent in each of the four numbers, so the filter is four small ones, each with a value and its velocity.
package struct BoxMotion: Hashable, Sendable {
    private var centerX: Axis
    private var centerY: Axis
    private var aspect: Axis
    private var height: Axis

    // The paper's weights: standard deviations as shares of the object's height.
    private static let positionShare = 1.0 / 20
    private static let velocityShare = 1.0 / 160

    package init(startingAt box: Box) {
        let position = 2 * Self.positionShare * box.height
        let velocity = 10 * Self.velocityShare * box.height
        self.centerX = Axis(box.centerX, deviation: position, velocityDeviation: velocity)
        self.centerY = Axis(box.centerY, deviation: position, velocityDeviation: velocity)
        self.aspect = Axis(box.width / box.height, deviation: 0.01, velocityDeviation: 0.00001)
        self.height = Axis(box.height, deviation: position, velocityDeviation: velocity)
    }

    package var box: Box {
        let height = max(self.height.value, 1)
        return Box(
            centerX: self.centerX.value, centerY: self.centerY.value, width: max(self.aspect.value, 0.01) * height,
            height: height)
    }

    /// Continues to the next picture.
    package mutating func predict() {
        let position = Self.positionShare * self.box.height
        let velocity = Self.velocityShare * self.box.height
        self.centerX.predict(deviation: position, velocityDeviation: velocity)
        self.centerY.predict(deviation: position, velocityDeviation: velocity)
        self.aspect.predict(deviation: 0.01, velocityDeviation: 0.00001)
        self.height.predict(deviation: position, velocityDeviation: velocity)
    }

    /// Takes in what was seen in the present picture.
    package mutating func correct(with box: Box) {
        let position = Self.positionShare * self.box.height
        self.centerX.correct(with: box.centerX, deviation: position)
        self.centerY.correct(with: box.centerY, deviation: position)
        self.aspect.correct(with: box.width / box.height, deviation: 0.1)
        self.height.correct(with: box.height, deviation: position)
    }

    /// One number with its velocity, in units for each picture, and their covariance.
    private struct Axis: Hashable {
        var value: Double
        var velocity = 0.0
        private var valueVariance: Double
        private var covariance = 0.0
        private var velocityVariance: Double

        init(_ value: Double, deviation: Double, velocityDeviation: Double) {
            self.value = value
            self.valueVariance = deviation * deviation
            self.velocityVariance = velocityDeviation * velocityDeviation
        }

        mutating func predict(deviation: Double, velocityDeviation: Double) {
            self.value += self.velocity
            self.valueVariance += 2 * self.covariance + self.velocityVariance + deviation * deviation
            self.covariance += self.velocityVariance
            self.velocityVariance += velocityDeviation * velocityDeviation
        }

        mutating func correct(with measured: Double, deviation: Double) {
            let variance = self.valueVariance + deviation * deviation
            let (gain, velocityGain) = (self.valueVariance / variance, self.covariance / variance)
            let surprise = measured - self.value
            self.value += gain * surprise
            self.velocity += velocityGain * surprise
            self.velocityVariance -= velocityGain * self.covariance
            self.covariance -= gain * self.covariance
            self.valueVariance -= gain * self.valueVariance
        }
    }
}
