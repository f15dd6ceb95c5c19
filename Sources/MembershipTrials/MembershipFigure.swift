/// What a trial of membership finds out, each of which is better the smaller it is.
public enum MembershipFigure: String, CaseIterable, Sendable {
    case firstLink = "joiner: first link, s"
    case allLinks = "joiner: six links, s"
    case known = "joiner: 99 % know it, s"
    case quietTraffic = "quiet: kB/s a peer"
    case noDeadLink = "10 % killed: no dead link, s"
    case rightAfterKill = "10 % killed: 99 % of directories right, s"
    case healed = "600 s partition healed: one component, s"
    case crossLinks = "healed: 40 % of links across, s"
    case rightAfterHeal = "healed: 99 % of directories right, s"
    case rightAfterPause = "half paused 15 s: 99 % of directories right, s"
    case churnTraffic = "mean life 10 min: kB/s a peer"
    case rightAfterChurn = "churn over: 99 % of directories right, s"
}
