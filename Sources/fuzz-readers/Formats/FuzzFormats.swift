import Foundation
import Training

enum FuzzFormats {
    static var all: [any FuzzFormat.Type] {
        [
            ExperimentFormat.self, IDXFormat.self, GzipFormat.self, CIFARFormat.self, FineCIFARFormat.self,
            ArrayFormat.self, ArchiveFormat.self, PictureFormat.self, TarFormat.self, TensorFormat.self,
            ModelFormat.self, MetricsFormat.self, SummaryFormat.self, RunFormat.self, CheckpointFormat.self,
        ]
    }
}
