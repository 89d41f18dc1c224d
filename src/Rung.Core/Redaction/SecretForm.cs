namespace Rung.Core.Redaction;

/// <summary>A key or token that is known by its beginning.</summary>
/// <param name="Beginning">How it begins, exactly.</param>
/// <param name="Least">Least characters behind that.</param>
internal sealed record SecretForm(string Beginning, int Least)
{
    /// <summary>Characters behind the beginning; 0: any number from <see cref="Least"/> on.</summary>
    public int Exact { get; private init; }

    /// <summary>Characters beside letters and digits that it may hold.</summary>
    public string Also { get; private init; } = "-_";

    /// <summary>Only letters that are capital.</summary>
    public bool IsUpper { get; private init; }

    /// <summary>Only hexadecimal digits, small ones.</summary>
    public bool IsHex { get; private init; }

    /// <summary>Words with hyphens begin in the same way: it must hold digits, or letters of both cases.</summary>
    public bool MustBeMixed { get; private init; }

    /// <summary>The beginning is a name of its own: what stands before it does not matter.</summary>
    public bool IsBare { get; private init; }

    /// <summary>The known forms, as their issuers document them.</summary>
    public static IReadOnlyList<SecretForm> All { get; } =
    [
        // Models
        new("sk-ant-", 12), new("sk-", 16) { MustBeMixed = true }, new("gsk_", 20), new("xai-", 20) { MustBeMixed = true }, new("pplx-", 20), new("nvapi-", 20),
        new("tvly-", 16), new("hf_", 20) { Also = "" }, new("r8_", 20) { Also = "" }, new("fw_", 20) { Also = "", MustBeMixed = true }, new("csk-", 20) { MustBeMixed = true },
        new("co-", 30) { MustBeMixed = true, Also = "" }, new("lsv2_pt_", 20) { Also = "_" }, new("lsv2_sk_", 20) { Also = "_" }, new("pcsk_", 30) { Also = "_", MustBeMixed = true },
        // Clouds
        Aws("AKIA"), Aws("ASIA"), Aws("ABIA"), Aws("ACCA"), Aws("AROA"), Aws("AIDA"), Aws("AGPA"), Aws("ANPA"),
        new("AIza", 30), new("ya29.", 20), new("GOCSPX-", 20), new("1//0", 30) { MustBeMixed = true }, new("dop_v1_", 40) { Also = "" }, new("doo_v1_", 40) { Also = "" }, new("dor_v1_", 40) { Also = "" },
        new("hvs.", 20) { Also = "-_." }, new("hvb.", 20) { Also = "-_." }, new("dapi", 32) { Also = "-", MustBeMixed = true }, new("LTAI", 16) { Also = "", MustBeMixed = true },
        new("HRKU-", 30) { MustBeMixed = true }, new("FlyV1 fm", 40) { Also = "_+/=-," }, new("fm1r_", 40) { Also = "+/=" }, new("fm2_", 40) { Also = "+/=" }, new("sbp_", 36) { Also = "" },
        new("sb_secret_", 20), new("pscale_tkn_", 30) { Also = "-_." }, new("pscale_pw_", 30) { Also = "-_." }, new("pul-", 40) { Also = "", MustBeMixed = true },
        new("tskey-", 20) { MustBeMixed = true }, new("dt0c01.", 60) { Also = "." }, new("NRAK-", 20) { Also = "" }, new("glc_", 32) { Also = "+/=" },
        // Code and packages
        new("ghp_", 20) { Also = "" }, new("gho_", 20) { Also = "" }, new("ghu_", 20) { Also = "" }, new("ghs_", 20) { Also = "" }, new("ghr_", 20) { Also = "" },
        new("github_pat_", 20) { Also = "_" }, new("glpat-", 16), new("gldt-", 16), new("glrt-", 16), new("glptt-", 16), new("glcbt-", 16), new("glsoat-", 16),
        new("glffct-", 16), new("glimt-", 16), new("glagent-", 16), new("gloas-", 16), new("CCIPAT_", 30) { Also = "_" }, new("CCIPRJ_", 30) { Also = "_" }, new("bkua_", 36) { Also = "" },
        new("dp.pt.", 36) { Also = "" }, new("dp.st.", 36) { Also = "-_." }, new("dp.ct.", 36) { Also = "" }, new("dp.sa.", 36) { Also = "" }, new("pnu_", 30) { Also = "" },
        new("phx_", 30) { Also = "" }, new("CFPAT-", 30), new("npm_", 30) { Also = "" }, new("pypi-AgE", 20),
        new("rubygems_", 30) { Also = "" }, new("dckr_pat_", 20), new("ATATT3x", 20) { Also = "-_=" }, new("ATBB", 20) { Also = "", MustBeMixed = true },
        new("lin_api_", 20) { Also = "" }, new("sntrys_", 20) { Also = "-_=+/" }, new("glsa_", 20), new("PMAK-", 20), new("figd_", 20), new("secret_", 40) { Also = "", MustBeMixed = true }, new("ntn_", 20) { Also = "" },
        // Messages and money
        Slack("xoxb-"), Slack("xoxp-"), Slack("xoxa-"), Slack("xoxr-"), Slack("xoxs-"), Slack("xoxo-"), Slack("xoxe-"), Slack("xoxe.xoxp-"), Slack("xapp-"),
        new("hooks.slack.com/services/", 20) { Also = "/", IsBare = true }, new("discord.com/api/webhooks/", 20) { Also = "/-_", IsBare = true },
        new("sk_live_", 10) { Also = "" }, new("sk_test_", 10) { Also = "" }, new("rk_live_", 10) { Also = "" }, new("rk_test_", 10) { Also = "" }, new("pk_live_", 10) { Also = "" },
        new("whsec_", 16) { Also = "+/=" }, new("SG.", 30) { Also = "-_." }, new("key-", 32) { Also = "", MustBeMixed = true }, new("shpat_", 20) { Also = "" }, new("shpss_", 20) { Also = "" },
        new("shpca_", 20) { Also = "" }, new("sq0csp-", 20), new("sq0atp-", 20), new("shppa_", 20) { Also = "" }, new("EAA", 56) { MustBeMixed = true }, new("rzp_live_", 12) { Also = "" },
        new("rzp_test_", 12) { Also = "" }, new("sl.", 100) { Also = "-_.", MustBeMixed = true }, new("SK", 32) { Exact = 32, Also = "", MustBeMixed = true, IsHex = true }, new("AGE-SECRET-KEY-1", 40) { Also = "" },
        new("Bearer ", 16) { Also = "-_.~+/=", MustBeMixed = true }, new("bearer ", 16) { Also = "-_.~+/=", MustBeMixed = true }, new("BEARER ", 16) { Also = "-_.~+/=", MustBeMixed = true },
        new("Authorization: Basic ", 8) { Also = "+/=-_" }, new("authorization: Basic ", 8) { Also = "+/=-_" }, new("Authorization: token ", 12), new("Authorization: Token ", 12),
    ];

    /// <summary>Whether it may hold a character.</summary>
    public bool Holds(char unit) => IsUpper ? char.IsAsciiLetterUpper(unit) || char.IsAsciiDigit(unit)
        : IsHex ? char.IsAsciiHexDigitLower(unit)
        : char.IsAsciiLetterOrDigit(unit) || Also.Contains(unit);

    private static SecretForm Aws(string beginning) => new(beginning, 16) { Exact = 16, Also = "", IsUpper = true };

    private static SecretForm Slack(string beginning) => new(beginning, 10) { Also = "-" };
}
