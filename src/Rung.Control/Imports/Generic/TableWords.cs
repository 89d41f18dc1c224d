using System.Collections.Frozen;

namespace Rung.Control.Imports.Generic;

/// <summary>Rung's words for what a table may hold, and the names that such columns usually have.</summary>
internal static class TableWords
{
    /// <summary>The words, in the order of the documents.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "time", "model", "provider", "tag", "role", "agent", "session", "user", "team", "input_tokens", "cache_read_tokens", "cache_write_tokens",
        "output_tokens", "reasoning_tokens", "cost_usd", "latency_ms", "first_token_ms", "status", "finish_reason", "requests", "id", "temperature", "max_tokens",
        "system", "prompt", "answer",
    ];

    /// <summary>By a folded column name (see <see cref="Fold"/>) the word that it means. The rank decides between two columns of one word: the lower one counts.</summary>
    public static FrozenDictionary<string, (string Word, int Rank)> Synonyms { get; } = Build();

    /// <summary>A column's name without case and without everything but letters and digits.</summary>
    public static string Fold(string name)
    {
        if (name.Length > 64) return "";
        Span<char> folded = stackalloc char[64];
        var length = 0;
        foreach (var letter in name)
        {
            if (char.IsLetterOrDigit(letter)) folded[length++] = char.ToLowerInvariant(letter);
        }
        return folded[..length].ToString();
    }

    private static FrozenDictionary<string, (string Word, int Rank)> Build()
    {
        var synonyms = new Dictionary<string, (string, int)>(StringComparer.Ordinal);
        Add("time", "timestamp", "ts", "createdat", "starttime", "startedat", "requesttime", "requesttimestamp", "eventtime", "datetime", "time", "created", "date", "startts");
        Add("model", "responsemodel", "model", "modelname", "modelid", "requestmodel", "engine", "llmmodel");
        Add("provider", "provider", "vendor", "llmprovider", "customllmprovider", "modelprovider");
        Add("tag", "rungtag", "tag", "task", "taskname", "feature", "featurename", "job", "jobname", "usecase", "functionname", "operation", "promptname", "name");
        Add("role", "rungrole", "role", "agentrole");
        Add("agent", "agent", "agentname");
        Add("session", "session", "sessionid", "conversation", "conversationid", "threadid", "chatid", "traceid");
        Add("user", "userid", "user", "enduser", "enduserid", "customerid");
        Add("team", "team", "teamid", "project", "projectid", "workspace");
        Add("input_tokens", "inputtokens", "prompttokens", "tokensin", "intokens", "tokensinput", "tokensprompt", "inputtokencount", "prompttokencount", "promptevalcount");
        Add("cache_read_tokens", "cachereadtokens", "cachereadinputtokens", "cachedtokens", "cachedinputtokens", "inputcachedtokens", "promptcachereadtokens", "cachehittokens", "cacheread", "cached", "tokenscached");
        Add("cache_write_tokens", "cachewritetokens", "cachecreationinputtokens", "cachecreationtokens", "promptcachewritetokens", "cachewriteinputtokens", "cachewrite");
        Add("output_tokens", "outputtokens", "completiontokens", "tokensout", "outtokens", "tokensoutput", "tokenscompletion", "outputtokencount", "completiontokencount", "evalcount");
        Add("reasoning_tokens", "reasoningtokens", "reasoningoutputtokens", "outputreasoningtokens", "thinkingtokens", "tokensreasoning");
        Add("cost_usd", "costusd", "totalcostusd", "totalcost", "cost", "spend", "usd", "responsecost", "costtotal");
        Add("latency_ms", "latencyms", "durationms", "responsetimems", "elapsedms", "delayms", "latencymilliseconds", "latencys", "latencyseconds", "durations", "durationseconds", "latencysec", "durationsec", "elapsedseconds");
        Add("first_token_ms", "ttftms", "timetofirsttokenms", "firsttokenms");
        Add("status", "status", "statuscode", "httpstatus", "responsestatus", "success");
        Add("finish_reason", "finishreason", "stopreason");
        Add("requests", "requests", "numrequests", "requestcount", "numcalls", "callcount", "nummodelrequests");
        Add("id", "requestid", "callid", "generationid", "completionid", "spanid", "uuid", "id");
        Add("temperature", "temperature");
        Add("max_tokens", "maxtokens", "maxoutputtokens", "maxcompletiontokens");
        Add("system", "systemprompt", "systemmessage");
        Add("prompt", "messages", "prompt", "input", "inputtext", "question", "query", "userprompt");
        Add("answer", "answer", "output", "outputtext", "response", "responsetext", "completion");
        return synonyms.ToFrozenDictionary(StringComparer.Ordinal);

        void Add(string word, params ReadOnlySpan<string> names)
        {
            for (var i = 0; i < names.Length; i++) synonyms.Add(names[i], (word, i));
        }
    }
}
