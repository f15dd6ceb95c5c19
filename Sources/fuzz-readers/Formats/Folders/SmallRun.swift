import Datasets
import Foundation
import Training

/// A run that takes a moment.
enum SmallRun {
    static let places = DataPlaces(collection: nil, home: nil)
    static let settings = [
        "data.name=synthetic", "data.samples=40", "data.size=4", "data.classes=3", "model.name=softmax", "batch=5",
        "peers=2", "epochs=1",
    ]
}
