namespace Rung.Control.Audit.Traits;

/// <summary>Words that stand for kinds of sensitive data, and how much each one says.</summary>
/// <remarks>
/// Health and legal words count by how many *different* ones a call holds: <see cref="Enough"/> of them are a sign, one or two are none ("patient" and "court" are
/// everyday words). A mark such as "attorney-client" or "strictly confidential" is a sign alone. A key is a sign when what follows its
/// beginning is as long as a key.
/// </remarks>
internal static class SignWords
{
    /// <summary>Different words of one kind that make a sign.</summary>
    public const int Enough = 3;

    /// <summary>Kinds of words.</summary>
    internal enum Kind : byte
    {
        /// <summary>One of several words of medical records.</summary>
        Health,
        /// <summary>One of several words of legal files.</summary>
        Legal,
        /// <summary>A mark that says it alone.</summary>
        LegalMark,
        /// <summary>Beginning of a key that is told by its prefix.</summary>
        Key,
        /// <summary>A word for a password, before a colon or an equals sign.</summary>
        Password,
        /// <summary>A private key in text form.</summary>
        KeyBlock,
    }

    private static readonly (string Text, Kind Kind)[] All =
    [
        .. new[]
        {
            "patient", "diagnosis", "diagnosed", "prescription", "prescribed", "dosage", "symptom", "medication", "clinical", "chronic", "hospital", "physician", "icd-10",
            "blood pressure", "medical record", "surgery", "oncology", "radiology", "discharge summary", "allergies", "diabetes", "hypertension", "chemotherapy", "biopsy", "psychiatric",
            "insulin", "vaccination", "anamnesis", "patientin", "diagnose", "befund",
        }.Select(text => (text, Kind.Health)),
        .. new[]
        {
            "plaintiff", "defendant", "litigation", "subpoena", "deposition", "affidavit", "indemnify", "indemnification", "counterparty", "arbitration", "governing law", "statute", "court order",
            "legal counsel", "settlement agreement", "hereinafter", "whereas", "non-disclosure",
        }.Select(text => (text, Kind.Legal)),
        .. new[]
        {
            "attorney-client", "attorney client privilege", "privileged and confidential", "strictly confidential", "confidential and proprietary", "attorney work product",
            "under seal", "streng vertraulich",
        }.Select(text => (text, Kind.LegalMark)),
        .. new[] { "sk-", "ghp_", "gho_", "github_pat_", "glpat-", "AKIA", "xoxb-", "xoxp-", "AIza", "eyJhbGci", "hf_", "sk_live_", "rk_live_" }.Select(text => (text, Kind.Key)),
        .. new[] { "password", "passwd", "api_key", "apikey", "secret_key", "client_secret" }.Select(text => (text, Kind.Password)),
        ("PRIVATE KEY-----", Kind.KeyBlock),
    ];

    private static readonly int[][] ByFirst = Index();
    private static readonly bool[] Beginnings = FirstThree();

    /// <summary>
    /// First place from <paramref name="from"/> on where a word of the text begins like one of these; -1 when there is none. One look at each beginning of a word:
    /// a search for all of them at once was measured at five times the time, since their beginnings are those of everyday words.
    /// </summary>
    public static int IndexIn(ReadOnlySpan<char> text, int from)
    {
        var isInside = from > 0 && char.IsLetterOrDigit(text[from - 1]);
        for (var i = from; i < text.Length - 2; i++)
        {
            var isPart = char.IsAscii(text[i]) ? char.IsAsciiLetterOrDigit(text[i]) : char.IsLetterOrDigit(text[i]);
            if (isPart && !isInside && Beginnings[Key(text[i], text[i + 1], text[i + 2])]) return i;
            isInside = isPart;
        }
        return -1;
    }

    // Five bits of each letter are the same in upper and lower case; other characters only make a look too many.
    private static int Key(char first, char second, char third) => ((first & 31) << 10) | ((second & 31) << 5) | (third & 31);

    private static bool[] FirstThree()
    {
        var beginnings = new bool[1 << 15];
        foreach (var (text, _) in All) beginnings[Key(text[0], text[1], text[2])] = true;
        return beginnings;
    }

    /// <summary>The longest word that begins a text.</summary>
    /// <returns>Its number (below 64, so that a set of them is one integer), its kind and its length; false when none begins it.</returns>
    public static bool TryMatch(ReadOnlySpan<char> text, out int number, out Kind kind, out int length)
    {
        (number, kind, length) = (-1, default, 0);
        var first = text[0] | 0x20;
        if (first >= ByFirst.Length) return false;
        foreach (var i in ByFirst[first])
        {
            if (All[i].Text.Length <= length || !text.StartsWith(All[i].Text, StringComparison.OrdinalIgnoreCase)) continue;
            (number, kind, length) = (i, All[i].Kind, All[i].Text.Length);
        }
        return length > 0;
    }

    private static int[][] Index()
    {
        var index = new int[128][];
        for (var c = 0; c < index.Length; c++) index[c] = [.. Enumerable.Range(0, All.Length).Where(i => (All[i].Text[0] | 0x20) == c)];
        return index;
    }
}
