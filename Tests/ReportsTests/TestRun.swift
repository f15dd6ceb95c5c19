import Foundation
import TestKit

@testable import Reports

/// The records of a small run: two peers, tested after steps 5 and 10.
enum TestRun {
    static let metrics = """
        {"step":5,"time":1.0,"epoch":0.5,"peer":0,"split":"train","loss":2.0,"accuracy":0.25,"samples":40,\
        "learning_rate":0.25}
        {"step":5,"time":1.5,"epoch":0.5,"peer":1,"split":"train","loss":1.0,"accuracy":0.75,"samples":40,\
        "learning_rate":0.125}
        {"step":5,"time":2.0,"epoch":0.5,"peer":0,"split":"test","loss":1.5,"accuracy":0.5,"samples":40}
        {"step":5,"time":2.0,"epoch":0.5,"peer":1,"split":"test","loss":0.5,"accuracy":0.75,"samples":40}
        {"step":5,"time":2.0,"epoch":0.5,"peer":null,"split":"test","loss":0.9,"accuracy":0.7,"samples":80}
        {"kind":"consensus","step":5,"time":2.0,"distance":0.125}
        {"kind":"network","step":5,"time":2.0,"messages":10,"bytes":1000}
        {"step":10,"time":4.0,"epoch":1.0,"peer":0,"split":"test","loss":0.75,"accuracy":0.875,"samples":80}
        {"step":10,"time":4.0,"epoch":1.0,"peer":1,"split":"test","loss":null,"accuracy":0.625,"samples":80}
        {"step":10,"time":4.0,"epoch":1.0,"peer":null,"split":"test","loss":0.5,"accuracy":0.8,"samples":160}
        {"kind":"consensus","step":10,"time":4.0,"distance":0.25}
        {"kind":"network","step":10,"time":4.0,"messages":30,"bytes":3000}

        """

    static let configuration = """
        name: small
        seed: 1
        data: { name: synthetic }
        model: { name: softmax }
        peers: 2
        algorithm: { name: gosgd, probability: 0.5 }

        """

    static let environment = """
        {"command_line":["murmur","train"],"cores":2,"cpu":"Some Processor","cpu_features":["avx2","fma"],
        "kernel":"6.1","memory_bytes":8000000000,"onednn_version":"2.6","started":"20260101-120000","version":"0.1.0"}
        """

    static let summary = """
        {"algorithm":"gosgd","bytes_sent":3000,"communication_seconds":0.5,"consensus_distance":0.25,"data":"synthetic",
        "gradient_seconds":6,"messages_sent":30,"model":"softmax","peak_memory_bytes":1000000,"peers":2,
        "samples_per_second":40,"samples_seen":160,"seed":1,
        "test_accuracy":{"consensus":0.8,"max":0.875,"mean":0.75,"min":0.625},"test_loss":0.5,
        "time_to_target_seconds":null,"train_seconds":4,"version":"0.1.0","waiting_seconds":1,"wall_seconds":5,
        "weight_mass":1,"messages_by_pair":[[0,10],[20,0]],"bytes_by_pair":[[0,1000],[2000,0]],"per_peer":[
        {"peer":0,"steps":10,"samples":80,"messages_sent":10,"bytes_sent":1000,"train_seconds":4,"gradient_seconds":3,
        "update_seconds":0.5,"communication_seconds":0.25,"waiting_seconds":0.5,"accuracy":0.875,"loss":0.75},
        {"peer":1,"steps":10,"samples":80,"messages_sent":20,"bytes_sent":2000,"train_seconds":4,"gradient_seconds":3,
        "update_seconds":0.5,"communication_seconds":0.25,"waiting_seconds":0.5,"accuracy":0.625,"loss":null}]}
        """

    /// Writes the records into a folder of this name, with others in place of some and without those that are nil.
    static func write(_ name: String, in folder: String, _ changes: [String: String?] = [:]) throws -> String {
        let path = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        var files: [String: String?] = [
            "metrics.jsonl": metrics, "config.yaml": configuration, "environment.json": environment,
            "summary.json": summary, "overrides.txt": "peers=2\n",
        ]
        for (file, text) in changes { files[file] = text }
        for case (let file, let text?) in files {
            try text.write(toFile: "\(path)/\(file)", atomically: false, encoding: .utf8)
        }
        return path
    }

    static func read(_ changes: [String: String?] = [:], named name: String = "run") throws -> RunRecords {
        var run: RunRecords?
        try withTemporaryFolder { folder in run = try RunRecords(folder: write(name, in: folder, changes)) }
        guard let run else { preconditionFailure("the body of withTemporaryFolder was not called") }
        return run
    }
}
